package io.meshwork.internal.rollouts;

import io.meshwork.contract.Contract;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.AmendTerms;
import io.meshwork.rollout.AmendTerms.TermsPlan;
import io.meshwork.rollout.TermsAmendment;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/** Starts an amendment that weakens promises. Not thread-safe. */
final class TermsStart extends StartOperation<TermsPlan, TermsAmendment> implements AmendTerms {
  TermsStart(ClientSession session, ProductName product) {
    super(session, product);
  }

  @Override
  public AmendTerms contract(Contract newContract) {
    contractIs(newContract);
    return this;
  }

  @Override
  public AmendTerms because(String text) {
    reasonIs(text);
    return this;
  }

  @Override
  public AmendTerms suggestions(String... ids) {
    suggestionsAre(ids);
    return this;
  }

  @Override
  public AmendTerms retireAfter(LocalDate date) {
    lastDayIs(date);
    return this;
  }

  @Override
  StartTerms terms(Contract next, String because) {
    return new StartTerms(
        next, Optional.empty(), Map.of(), because, lastDay(), Optional.empty(), false, delivered());
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
}
