package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.operation.Plan.Step;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;

/**
 * A change of rights as it would be done now.
 *
 * @param headline what it is, in a line
 * @param event the kind of its log entry
 * @param subject what it is about, for the log
 * @param details of the log entry
 * @param writes documents, each once; none if everything is so already
 * @param policy of the domain that writes, read before anything else
 * @param checks documents that must stay as they were read
 * @param worlds what it changes, before and after
 * @param result what exists then
 */
record Proposal<R>(
    String headline,
    String event,
    String subject,
    ObjectNode details,
    List<Write> writes,
    Key policyKey,
    Optional<Stored> policy,
    List<Stored> checks,
    List<Step> steps,
    List<Finding> findings,
    List<Change> worlds,
    R result) {
  /**
   * A document that is written, or removed.
   *
   * @param before as it was read; empty if it was not there
   * @param after empty to remove it
   */
  record Write(Key key, Optional<Stored> before, Optional<ObjectNode> after) {}

  /** The rights in a domain's data. */
  record Change(RightsWorld before, RightsWorld after) {}
}
