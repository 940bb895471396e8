package io.meshwork.internal.receipts;

import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.publish.PublishHistory;
import io.meshwork.publish.PublishReceipt;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers what was published to a product, from its log, receipts and quality document. */
public record ProductHistory(ClientSession session, @Nullable CharSequence product)
    implements PublishHistory {
  @Override
  public List<RowChange> changes() {
    return LoggedChanges.of(session, product);
  }

  @Override
  public List<QualityEntry> quality() {
    return QualityHistory.of(session, product);
  }

  @Override
  public List<PublishReceipt> receipts() {
    return PublishReceipts.all(session, product);
  }

  @Override
  public Optional<PublishReceipt> findReceipt(@Nullable String idempotencyKey) {
    return PublishReceipts.find(session, product, idempotencyKey);
  }

  @Override
  public SortedMap<String, Boolean> mirrored(PublishReceipt receipt) {
    ArgumentChecks.required("receipt", receipt);
    session.checkOpen(MeshAction.of(Verb.FIND, "the engines that show " + product));
    return MirroredReceipt.of(session, receipt);
  }

  @Override
  public List<RuleFailures> failures() {
    Map<List<Object>, RuleFailures> byRule = new LinkedHashMap<>();
    for (PublishReceipt receipt : receipts()) {
      Stream.concat(Stream.of(receipt), receipt.otherVersions().stream())
          .flatMap(ProductHistory::failuresOf)
          .forEach(
              failures ->
                  byRule.merge(
                      List.of(failures.day(), failures.major(), failures.rule()),
                      failures,
                      ProductHistory::sum));
    }
    return byRule.values().stream()
        .sorted(
            Comparator.comparing(RuleFailures::day)
                .reversed()
                .thenComparing(RuleFailures::major)
                .thenComparing(RuleFailures::rule))
        .toList();
  }

  private static Stream<RuleFailures> failuresOf(PublishReceipt receipt) {
    LocalDate day = LocalDate.ofInstant(receipt.committedAt(), ZoneOffset.UTC);
    return receipt.failingRowsByRule().entrySet().stream()
        .filter(rule -> rule.getValue() > 0)
        .map(
            rule ->
                new RuleFailures(
                    day,
                    receipt.major(),
                    rule.getKey(),
                    rule.getValue(),
                    receipt.quality().rowsOffered(),
                    1));
  }

  private static RuleFailures sum(RuleFailures one, RuleFailures other) {
    return new RuleFailures(
        one.day(),
        one.major(),
        one.rule(),
        one.failingRows() + other.failingRows(),
        one.offeredRows() + other.offeredRows(),
        one.publishes() + other.publishes());
  }

  @Override
  public String toString() {
    return "history of " + product;
  }
}
