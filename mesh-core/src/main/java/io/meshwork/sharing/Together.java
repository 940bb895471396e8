package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
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
final class Together {
  private final String doing;
  private final List<Proposal<?>> parts = new ArrayList<>();
  private final Map<Key, Proposal.Write> writes = new LinkedHashMap<>();

  Together(String doing) {
    this.doing = doing;
  }

  /** What those that were added so far would leave. */
  Map<Key, Optional<ObjectNode>> written() {
    return writes.values().stream()
        .collect(Collectors.toMap(Proposal.Write::key, Proposal.Write::after));
  }

  /**
   * Adds one, proposed upon {@link #written()}.
   *
   * @throws InvalidRequestException if another domain writes it
   */
  void add(Proposal<?> part) {
    if (!parts.isEmpty() && !part.policy().domain().equals(parts.get(0).policy().domain())) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing
              + ": domain '"
              + parts.get(0).policy().domain()
              + "' writes some of it and domain '"
              + part.policy().domain()
              + "' the rest, and one transaction is of one domain. Nothing was changed. Change each"
              + " domain by itself.");
    }
    parts.add(part);
    for (Proposal.Write write : part.writes()) {
      Proposal.Write first = writes.getOrDefault(write.key(), write);
      writes.put(write.key(), new Proposal.Write(write.key(), first.before(), write.after()));
    }
  }

  /** All of them. */
  Proposal<List<Object>> proposal() {
    List<Proposal.Write> left = writes.values().stream().filter(Together::isChange).toList();
    List<Key> keys = left.stream().map(Proposal.Write::key).toList();
    List<Proposal<?>> done =
        parts.stream()
            .filter(part -> part.writes().stream().anyMatch(write -> keys.contains(write.key())))
            .toList();
    List<Step> steps = new ArrayList<>();
    done.forEach(part -> steps.addAll(part.steps()));
    List<Finding> findings = new ArrayList<>();
    Map<Key, Stored> checks = new LinkedHashMap<>();
    List<Object> results = new ArrayList<>();
    Reach reach = Reach.none();
    for (Proposal<?> part : parts) {
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
        findings.add(undone(part));
      }
    }
    // What is written is expected to be as it was anyhow.
    checks.keySet().removeAll(writes.keySet());
    return new Proposal<>(
        parts.stream().map(Proposal::headline).collect(Collectors.joining("\n")),
        done.size() == 1 ? done.get(0).entry() : entry(done),
        parts.get(0).policy(),
        left,
        List.copyOf(checks.values()),
        steps,
        findings.stream().distinct().toList(),
        reach,
        List.copyOf(results));
  }

  private static boolean isChange(Proposal.Write write) {
    Optional<String> before = write.before().map(stored -> Documents.hash(stored.json()));
    return !before.equals(write.after().map(Documents::hash));
  }

  private static Finding undone(Proposal<?> part) {
    return new Finding(
        "UNDONE",
        Finding.Severity.NOTE,
        part.headline(),
        "comes to nothing: another of these changes takes it back",
        0,
        List.of(),
        "Leave both out.");
  }

  private Proposal.Entry entry(List<Proposal<?>> done) {
    String domain = parts.get(0).policy().domain();
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    ArrayNode changes = details.putArray("changes");
    for (Proposal<?> part : done) {
      changes
          .addObject()
          .put("event", part.entry().event())
          .put("subject", part.entry().subject())
          .set("details", part.entry().details());
    }
    return new Proposal.Entry(Keys.partition(domain), MeshEvent.RIGHTS_CHANGED, domain, details);
  }
}
