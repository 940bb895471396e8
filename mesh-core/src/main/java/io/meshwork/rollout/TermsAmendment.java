package io.meshwork.rollout;

import java.util.List;
import java.util.Optional;

/**
 * An amendment that weakens promises of a contract, such as {@code freshWithin}. It has no new
 * major version and no new table, and no consumer moves: {@link #announce}, and after the dates of
 * the consumers {@link #retire}, which retires the old promise.
 */
public interface TermsAmendment extends Rollout<TermsAmendment> {
  /** Returns the promises that the contract weakens. */
  List<AmendedTerm> amendedTerms();

  /**
   * A promise of the contract that an amendment weakens. Immutable.
   *
   * @param term the term of the contract, such as {@code freshWithin} or {@code noticePeriod}
   * @param before its value in the contract at the start, such as {@code PT1H}; empty without one
   * @param after its value after the amendment; empty if the promise ends
   */
  record AmendedTerm(String term, Optional<String> before, Optional<String> after) {
    /** Returns one line of a page, such as {@code freshWithin from PT1H to PT6H}. */
    @Override
    public String toString() {
      return term + " from " + before.orElse("nothing") + " to " + after.orElse("nothing");
    }
  }
}
