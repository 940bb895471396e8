package io.meshwork.internal.rollout.consumers;

import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.LogPart;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.consumers.TrackFacts.Departure;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds out who took the right to read a product from a consumer: the last change of rights in the
 * logs of the product, of its domain, and of the consumer. Immutable.
 *
 * @param writers the partitions that the consumer, and the executors of the owner, write to
 * @param since the time from which the logs are searched
 */
record RightsLoss(Ledger ledger, ProductName product, List<String> writers, Instant since) {
  private static final long PAGE_SIZE = 1_000;

  private static final Set<String> CHANGES =
      Set.of(
          MeshEvent.Type.AUTHORIZATION_WITHDRAWN.text(),
          MeshEvent.Type.PRODUCT_CLOSED.text(),
          MeshEvent.Type.TAGS_CHANGED.text());

  RightsLoss {
    writers = List.copyOf(writers);
  }

  /**
   * How the consumer left.
   *
   * @param account the account that lost the right
   * @param now the time of the departure if no change of rights is found, as a grant reached its
   *     end
   */
  Departure by(String account, Instant now) {
    return Stream.concat(
            Stream.of(RegistryKeys.partition(product), RegistryKeys.partition(product.domain())),
            writers.stream())
        .flatMap(log -> newest(log, account).stream())
        .max(Comparator.comparing(Ledger::time))
        .map(
            entry ->
                new Departure(true, entry.json().path("principal").asText(), Ledger.time(entry)))
        .orElseGet(() -> new Departure(true, "the end of its grant", now));
  }

  private Optional<VersionedDocument> newest(String log, String account) {
    long sequence = ledger.newestSequence(log);
    for (long page = sequence / PAGE_SIZE; sequence > 0 && page >= 0; page--) {
      List<VersionedDocument> entries = ledger.thousand(log, page);
      Optional<VersionedDocument> document =
          entries.stream()
              .filter(entry -> !Ledger.time(entry).isBefore(since))
              .filter(
                  entry ->
                      LogPart.of(entry.json()).stream().anyMatch(part -> isLoss(part, account)))
              .reduce((earlier, later) -> later);
      if (document.isPresent()
          || entries.isEmpty()
          || Ledger.time(entries.get(0)).isBefore(since)) {
        return document;
      }
    }
    return Optional.empty();
  }

  /** True only for changes of the product or its domain: the logs also have those of others. */
  private boolean isLoss(LogPart part, String account) {
    return (part.subject().equals(product.toString()) || part.subject().equals(product.domain()))
        && (CHANGES.contains(part.event())
            || (part.event().equals(MeshEvent.Type.GRANT_REVOKED.text())
                && part.details().findValuesAsText("to").stream()
                    .anyMatch(to -> Grantee.of(to).account().map(account::equals).orElse(true))));
  }
}
