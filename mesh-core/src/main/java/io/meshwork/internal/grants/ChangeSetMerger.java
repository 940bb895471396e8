package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.access.AccessPlan;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
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
 * Merges several change sets into one. The last write of a document wins; a change that another one
 * reverses is left out.
 */
final class ChangeSetMerger {

  private final MeshAction action;
  private final List<ChangeSet<?>> parts = new ArrayList<>();
  private final List<MeshAction> actions = new ArrayList<>();
  private final Map<Key, ChangeSet.Write> writes = new LinkedHashMap<>();

  ChangeSetMerger(MeshAction action) {
    this.action = action;
  }

  /** Returns the documents as the added change sets would leave them. */
  Map<Key, Optional<ObjectNode>> written() {
    return writes.values().stream()
        .collect(Collectors.toMap(ChangeSet.Write::key, ChangeSet.Write::after));
  }

  /**
   * Adds a change set that was proposed on {@link #written()}.
   *
   * @param partAction the action of its operation
   * @throws InvalidRequestException if another domain writes it
   */
  void add(MeshAction partAction, ChangeSet<?> part) {
    if (!parts.isEmpty() && !part.policy().domain().equals(parts.get(0).policy().domain())) {
      throw Failure.of(action)
          .because(
              "domain '"
                  + writer(parts.get(0))
                  + "' writes some of these changes and domain '"
                  + writer(part)
                  + "' writes others, and a transaction writes for one domain")
          .fix("Change each domain separately.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    if (part.first().isPresent()) {
      throw Failure.of(action)
          .because("'" + partAction + "' takes several transactions")
          .fix("Commit it alone.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
    parts.add(part);
    actions.add(partAction);
    for (ChangeSet.Write write : part.writes()) {
      ChangeSet.Write first = writes.getOrDefault(write.key(), write);
      writes.put(write.key(), new ChangeSet.Write(write.key(), first.before(), write.after()));
    }
  }

  /** Returns the domain for which a change set is written, also by an executor. */
  private static String writer(ChangeSet<?> part) {
    String domain = part.policy().domain();
    return PartitionCatalogs.isExecutor(domain) ? PartitionCatalogs.domain(domain) : domain;
  }

  /**
   * Returns all added change sets as one.
   *
   * @param operations the operations of the change sets, in the same order
   */
  ChangeSet<AccessPlan.Results> merged(List<AccessOperation<?>> operations) {
    List<ChangeSet.Write> effective =
        writes.values().stream().filter(ChangeSetMerger::isChange).toList();
    List<Key> keys = effective.stream().map(ChangeSet.Write::key).toList();
    List<ChangeSet<?>> applied =
        parts.stream()
            .filter(part -> part.writes().stream().anyMatch(write -> keys.contains(write.key())))
            .toList();
    List<Step> steps = new ArrayList<>();
    applied.forEach(part -> steps.addAll(part.steps()));
    List<Finding> findings = new ArrayList<>();
    Map<Key, VersionedDocument> checks = new LinkedHashMap<>();
    List<Object> results = new ArrayList<>();
    AffectedResources affected = AffectedResources.none();
    for (int i = 0; i < parts.size(); i++) {
      ChangeSet<?> part = parts.get(i);
      findings.addAll(part.findings());
      part.checks().forEach(check -> checks.putIfAbsent(check.key(), check));
      results.add(part.result());
      for (String domain : part.affected().domains()) {
        affected = affected.and(domain);
      }
      for (ProductName product : part.affected().products()) {
        affected = affected.and(product);
      }
      if (!applied.contains(part) && !part.writes().isEmpty()) {
        findings.add(notApplied(actions.get(i)));
      }
    }
    // A write checks the version of its document itself.
    checks.keySet().removeAll(writes.keySet());
    return new ChangeSet<>(
        applied.size() == 1 ? applied.get(0).entry() : entry(applied),
        parts.get(0).policy(),
        effective,
        List.copyOf(checks.values()),
        steps,
        findings.stream().distinct().toList(),
        affected,
        new CombinedResults(operations, results));
  }

  private static boolean isChange(ChangeSet.Write write) {
    Optional<String> before = write.before().map(stored -> DocumentJson.hash(stored.json()));
    return !before.equals(write.after().map(DocumentJson::hash));
  }

  private static Finding notApplied(MeshAction partAction) {
    return new Finding(
        FindingCode.CHANGE_REVERSED,
        Finding.Severity.NOTE,
        partAction.toString(),
        "has no effect: another of these changes reverses it",
        0,
        List.of(),
        "Leave both out.");
  }

  private ChangeSet.Entry entry(List<ChangeSet<?>> applied) {
    String domain = parts.get(0).policy().domain();
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    ArrayNode changes = details.putArray("changes");
    for (ChangeSet<?> part : applied) {
      changes
          .addObject()
          .put("event", part.entry().event())
          .put("subject", part.entry().subject())
          .set("details", part.entry().details());
    }
    return new ChangeSet.Entry(
        RegistryKeys.partition(domain), MeshEvent.Type.RIGHTS_CHANGED.text(), domain, details);
  }
}
