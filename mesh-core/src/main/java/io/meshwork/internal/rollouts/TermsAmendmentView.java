package io.meshwork.internal.rollouts;

import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.util.List;

/** An amendment of a contract as it was read. Immutable. */
final class TermsAmendmentView extends RolloutView<TermsAmendment> implements TermsAmendment {
  TermsAmendmentView(ClientSession session, RolloutEntry entry) {
    super(session, entry);
  }

  @Override
  TermsAmendment after(RolloutEntry next) {
    return new TermsAmendmentView(session, next);
  }

  @Override
  public List<AmendedTerm> amendedTerms() {
    return entry.amendedTerms();
  }

  @Override
  public PlannedOperation<Plan<TermsAmendment>, TermsAmendment> retire() {
    return fenced(new AnnouncedAmendment(session, product(), number()));
  }

  @Override
  public Transition<TermsAmendment> abort() {
    return reasoned(aborting("").action(), because -> transition(aborting(because)));
  }

  private EndAbort aborting(String because) {
    return new EndAbort(session, product(), number(), because);
  }
}
