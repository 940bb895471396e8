package io.meshwork.internal.rollout.start;

import io.meshwork.contract.Contract;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.retirement.TermsAmendmentView;
import io.meshwork.internal.rollout.start.ContractStartPlan.EvaluatedStart;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.AmendTerms;
import io.meshwork.rollout.AmendTerms.TermsPlan;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Starts an amendment that weakens promises. Not thread-safe. */
final class TermsStart extends ContractStart<TermsPlan, TermsAmendment> implements AmendTerms {
  TermsStart(ClientSession session, ProductName product) {
    super(session, product);
  }

  @Override
  public AmendTerms contract(Contract newContract) {
    setContract(newContract);
    return this;
  }

  @Override
  public AmendTerms because(String text) {
    setReason(text);
    return this;
  }

  @Override
  public AmendTerms suggestions(String... ids) {
    setSuggestions(ids);
    return this;
  }

  @Override
  public AmendTerms retireAfter(LocalDate date) {
    setRetireAfter(date);
    return this;
  }

  @Override
  StartTerms terms(Contract next, String because) {
    return new StartTerms(
        next,
        Optional.empty(),
        Map.of(),
        because,
        chosenRetireAfter(),
        Optional.empty(),
        false,
        chosenSuggestions());
  }

  @Override
  AnnouncedTermsPlan evaluate(StartTerms terms, boolean withDownstream) {
    return new AnnouncedTermsPlan(
        new StartContext(session, product, terms, action()).evaluateAmendment(withDownstream),
        this::commitAsPlanned);
  }

  @Override
  TermsPlan plan(StartTerms terms) {
    return evaluate(terms, true);
  }

  @Override
  TermsAmendment result(RolloutEntry started) {
    return new TermsAmendmentView(session, started);
  }

  /** The plan of an amendment that weakens promises. Immutable. */
  static final class AnnouncedTermsPlan extends ContractStartPlan<TermsAmendment>
      implements TermsPlan {
    AnnouncedTermsPlan(EvaluatedStart start, Function<String, TermsAmendment> committing) {
      super(start, committing);
    }

    @Override
    public List<AmendedTerm> amendedTerms() {
      return start().rollout().amendedTerms();
    }

    @Override
    String verb() {
      return "amend";
    }

    @Override
    Stream<Step> creation(String undo) {
      return Stream.of(
          new Step(
              "prepare",
              product() + " " + version(),
              start().rollout().amendment()
                  + "; nothing changes before announce(), and the contract does not before retire()",
              undo));
    }

    @Override
    List<String> terms() {
      List<String> lines = new ArrayList<>();
      lines.add(dates("the contract of major version " + from() + " becomes " + version()));
      amendedTerms().forEach(term -> lines.add(ChangePlan.line("amends", term)));
      return lines;
    }
  }
}
