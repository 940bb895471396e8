package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessOperation;
import io.meshwork.access.AccessPlan;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes one proposal of several, each upon those before it: of a document that several write the
 * last writing counts, and what comes to nothing is not done.
 */
final class CombinedChange {
  private final MeshAction action;
  private final List<ChangeSet<?>> parts = new ArrayList<>();
  private final Map<Key, ChangeSet.Write> writes = new LinkedHashMap<>();

  CombinedChange(MeshAction action) {
    this.action = action;
  }

  /** What those that were added so far would leave. */
  Map<Key, Optional<ObjectNode>> written() {
    return writes.values().stream()
        .collect(Collectors.toMap(ChangeSet.Write::key, ChangeSet.Write::after));
  }

  /**
   * Adds one, proposed upon {@link #written()}.
   *
   * @throws InvalidRequestException if another domain writes it
   */
  void add(ChangeSet<?> part) {
    if (!parts.isEmpty() && !part.policy().domain().equals(parts.get(0).policy().domain())) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + ": domain '"
              + parts.get(0).policy().domain()
              + "' writes some of it and domain '"
              + part.policy().domain()
              + "' the rest, and one transaction is of one domain. Nothing was changed. Change each"
              + " domain by itself.");
    }
    parts.add(part);
    for (ChangeSet.Write write : part.writes()) {
      ChangeSet.Write first = writes.getOrDefault(write.key(), write);
      writes.put(write.key(), new ChangeSet.Write(write.key(), first.before(), write.after()));
    }
  }

  /**
   * All of them.
   *
   * @param operations that the changes belong to, in the same order
   */
  ChangeSet<AccessPlan.Results> proposal(List<AccessOperation<?>> operations) {
    List<ChangeSet.Write> left = writes.values().stream().filter(CombinedChange::isChange).toList();
    List<Key> keys = left.stream().map(ChangeSet.Write::key).toList();
    List<ChangeSet<?>> done =
        parts.stream()
            .filter(part -> part.writes().stream().anyMatch(write -> keys.contains(write.key())))
            .toList();
    List<Step> steps = new ArrayList<>();
    done.forEach(part -> steps.addAll(part.steps()));
    List<Finding> findings = new ArrayList<>();
    Map<Key, VersionedDocument> checks = new LinkedHashMap<>();
    List<Object> results = new ArrayList<>();
    AffectedResources reach = AffectedResources.none();
    for (ChangeSet<?> part : parts) {
      findings.addAll(part.findings());
      part.checks().forEach(check -> checks.putIfAbsent(check.key(), check));
      results.add(part.result());
      for (String domain : part.reach().domains()) {
        reach = reach.and(domain);
      }
      for (ProductName product : part.reach().products()) {
        reach = reach.and(product);
      }
      if (!done.contains(part) && !part.writes().isEmpty()) {
        findings.add(notApplied(part));
      }
    }
    // What is written is expected to be as it was anyhow.
    checks.keySet().removeAll(writes.keySet());
    return new ChangeSet<>(
        parts.stream().map(ChangeSet::headline).collect(Collectors.joining("\n")),
        done.size() == 1 ? done.get(0).entry() : entry(done),
        parts.get(0).policy(),
        left,
        List.copyOf(checks.values()),
        steps,
        findings.stream().distinct().toList(),
        reach,
        new CombinedResults(operations, results));
  }

  private static boolean isChange(ChangeSet.Write write) {
    Optional<String> before = write.before().map(stored -> DocumentJson.hash(stored.json()));
    return !before.equals(write.after().map(DocumentJson::hash));
  }

  private static Finding notApplied(ChangeSet<?> part) {
    return new Finding(
        "UNDONE",
        Finding.Severity.NOTE,
        part.headline(),
        "comes to nothing: another of these changes takes it back",
        0,
        List.of(),
        "Leave both out.");
  }

  private ChangeSet.Entry entry(List<ChangeSet<?>> done) {
    String domain = parts.get(0).policy().domain();
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    ArrayNode changes = details.putArray("changes");
    for (ChangeSet<?> part : done) {
      changes
          .addObject()
          .put("event", part.entry().event())
          .put("subject", part.entry().subject())
          .set("details", part.entry().details());
    }
    return new ChangeSet.Entry(
        RegistryKeys.partition(domain), MeshEvent.RIGHTS_CHANGED, domain, details);
  }
}
