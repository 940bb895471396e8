package io.meshwork.internal.rollouts;

import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.rollout.AmendTerms.TermsPlan;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The plan of an amendment that weakens promises. Immutable. */
final class AnnouncedTermsPlan extends StartPlan<TermsAmendment> implements TermsPlan {
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
  String reader() {
    return "termsAmendment";
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
