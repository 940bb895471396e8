package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The writes of a change of rights, with what its plan shows. Immutable.
 *
 * @param entry the log entry
 * @param policy the policy document, which is rewritten with the change
 * @param writes the documents to write, each once; none if nothing changes
 * @param checks the documents that must not change before the commit
 * @param affected the resources whose rights may change
 * @param first a part of the change to commit before the rest, which is then proposed again; empty
 *     if all of it fits into one transaction
 * @param result what exists after the change
 */
record ChangeSet<R>(
    Entry entry,
    Policy policy,
    List<Write> writes,
    List<VersionedDocument> checks,
    List<Step> steps,
    List<Finding> findings,
    AffectedResources affected,
    Optional<ChangeSet<R>> first,
    R result) {
  ChangeSet {
    writes = List.copyOf(writes);
    checks = List.copyOf(checks);
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /** Returns the change set without its writes. */
  ChangeSet<R> unchanged() {
    return new ChangeSet<>(entry, policy, List.of(), checks, steps, findings, affected, result);
  }

  /** A change that fits into one transaction. */
  ChangeSet(
      Entry entry,
      Policy policy,
      List<Write> writes,
      List<VersionedDocument> checks,
      List<Step> steps,
      List<Finding> findings,
      AffectedResources affected,
      R result) {
    this(entry, policy, writes, checks, steps, findings, affected, Optional.empty(), result);
  }

  /**
   * A log entry.
   *
   * @param partition the partition of the log
   * @param event the event type
   * @param subject the product or domain
   */
  record Entry(String partition, String event, String subject, ObjectNode details) {
    Entry(String partition, String event, String subject, Record details) {
      this(partition, event, subject, DocumentCodec.toJson(details));
    }
  }

  /**
   * The document that changes with each change of a domain's rights.
   *
   * @param domain the domain that writes, or the partition that its guests or executors write
   * @param stored the document, read before all others; empty if it does not exist
   */
  record Policy(String domain, Optional<VersionedDocument> stored) {}

  /**
   * A document to write or to remove.
   *
   * @param before the document that was read; empty if it did not exist
   * @param after the new content; empty to remove the document, or to check that it does not exist
   */
  record Write(Key key, Optional<VersionedDocument> before, Optional<ObjectNode> after) {}

  /**
   * The resources whose rights a change may change.
   *
   * @param domains domains with all of their products
   * @param products products of other domains
   */
  record AffectedResources(SortedSet<String> domains, Set<ProductName> products) {
    /** No resource. */
    static AffectedResources none() {
      return new AffectedResources(new TreeSet<>(), new LinkedHashSet<>());
    }

    static AffectedResources of(ProductName product) {
      return none().and(product);
    }

    /** All products of a domain. */
    static AffectedResources of(String domain) {
      return none().and(domain);
    }

    AffectedResources and(ProductName product) {
      AffectedResources more =
          new AffectedResources(new TreeSet<>(domains), new LinkedHashSet<>(products));
      if (!domains.contains(product.domain())) {
        more.products.add(product);
      }
      return more;
    }

    /** Adds all products of a domain. */
    AffectedResources and(String domain) {
      AffectedResources more =
          new AffectedResources(new TreeSet<>(domains), new LinkedHashSet<>(products));
      more.domains.add(domain);
      more.products.removeIf(product -> product.domain().equals(domain));
      return more;
    }
  }
}
