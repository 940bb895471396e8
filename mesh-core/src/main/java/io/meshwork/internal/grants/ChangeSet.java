package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.operation.Plan.Step;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;

/**
 * A change of rights as it would be done now.
 *
 * @param headline what it is, in a line
 * @param entry what the log tells of it
 * @param policy that is rewritten with it
 * @param writes documents, each once; none if everything is so already
 * @param checks documents that must stay as they were read
 * @param reach whose rights it can change
 * @param result what exists then
 */
record ChangeSet<R>(
    String headline,
    Entry entry,
    Policy policy,
    List<Write> writes,
    List<VersionedDocument> checks,
    List<Step> steps,
    List<Finding> findings,
    AffectedResources reach,
    R result) {
  /** Copies the lists. */
  ChangeSet {
    writes = List.copyOf(writes);
    checks = List.copyOf(checks);
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /**
   * What a log tells.
   *
   * @param partition whose log
   * @param event its kind
   * @param subject what it is about
   */
  record Entry(String partition, String event, String subject, ObjectNode details) {}

  /**
   * What tells of each change of a domain's rights.
   *
   * @param domain that writes
   * @param stored as it was read before anything else; empty if it was not there
   */
  record Policy(String domain, Optional<VersionedDocument> stored) {}

  /**
   * A document that is written, or removed.
   *
   * @param before as it was read; empty if it was not there
   * @param after empty to remove it, or if it was not there and has to stay so
   */
  record Write(Key key, Optional<VersionedDocument> before, Optional<ObjectNode> after) {}
}
