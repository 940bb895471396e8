package io.meshwork.internal.rollout.retirement;

import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.util.List;

/** An amendment of a contract as it was read. Immutable. */
public final class TermsAmendmentView extends RolloutView<TermsAmendment>
    implements TermsAmendment {
  /** Creates it for the caller of the session. */
  public TermsAmendmentView(ClientSession session, RolloutEntry entry) {
    super(session, entry);
  }

  @Override
  protected TermsAmendment after(RolloutEntry next) {
    return new TermsAmendmentView(session, next);
  }

  @Override
  public List<AmendedTerm> amendedTerms() {
    return entry.amendedTerms();
  }

  @Override
  public PlannedOperation<Plan<TermsAmendment>, TermsAmendment> retire() {
    return transition(new AnnouncedAmendment(session, product(), number()));
  }

  @Override
  public PlannedOperation.WithReason<TermsAmendment> abort() {
    return abortion();
  }

  @Override
  protected String change() {
    return version().toString();
  }

  @Override
  protected String proposal(String verb) {
    return "the contract of major version " + from() + verb + " proposed to change";
  }

  @Override
  protected void addFacts(List<String> lines) {
    amendedTerms().forEach(term -> lines.add("amends  " + term));
    retiredAt().ifPresent(at -> lines.add("amended at " + at));
  }
}
