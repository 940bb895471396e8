package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.Health.Availability;
import io.meshwork.card.Health.RefusedPublish;
import io.meshwork.contract.Contract.Contact;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.availability.AvailabilityMinutes;
import io.meshwork.internal.availability.AvailabilityRecorder;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.discovery.KnownHealth.ListOnDemand;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.RefusedPublishes;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Adds to the health of a product what only its owner sees. Stateless. */
final class OwnerHealth {
  private OwnerHealth() {}

  static Health of(ClientSession session, IndexedProduct product, Health health) {
    VersionEntry version =
        session
            .catalog()
            .requireFor(
                Use.DESCRIBE,
                product.name(),
                product.indexEntry().major(),
                MeshAction.of(Verb.DESCRIBE, product.name()));
    Optional<RefusedPublish> refused = RefusedPublishes.last(session, product.name());
    return new KnownHealth(
        health.version(),
        health.status(),
        HealthProblems.with(health, refused),
        health.freshness(),
        health.quality(),
        health.rows(),
        health.bytes(),
        health.rowsWaiting(),
        health.waitingSince(),
        health.since(),
        health.suspension(),
        health.contact(),
        true,
        new ListOnDemand<>(() -> notified(session, product, version)),
        refused,
        version
            .contract()
            .serviceLevel()
            .availability()
            .map(
                promised ->
                    new ListOnDemand<>(
                        () -> availability(session, version, product.name(), promised)))
            .orElse(KnownHealth.NO_PROMISE));
  }

  /** Of a product with many consumers, this reads more than all the rest. */
  private static List<String> notified(
      ClientSession session, IndexedProduct product, VersionEntry version) {
    session.checkOpen(MeshAction.of(Verb.SHOW, "the contacts of " + product.name()));
    Set<String> notified = new LinkedHashSet<>();
    notified.add(product.owner());
    version.contract().contacts().stream()
        .filter(contact -> contact.scope().receivesNotices())
        .map(Contact::address)
        .forEach(notified::add);
    notified.addAll(SubscriberList.contacts(session, product.name(), version));
    return List.copyOf(notified);
  }

  private static List<Availability> availability(
      ClientSession session, VersionEntry version, ProductName product, BigDecimal promised) {
    session.checkOpen(MeshAction.of(Verb.SHOW, "the availability of " + product));
    List<String> domains =
        session.catalog().availableDomains().stream().map(entry -> entry.domain().name()).toList();
    Instant now = session.runtime().clock().instant();
    YearMonth current = AvailabilityMinutes.month(now);
    List<Availability> months = new ArrayList<>();
    for (YearMonth month : List.of(current, current.minusMonths(1))) {
      AvailabilityMinutes minutes =
          AvailabilityRecorder.of(session.ledger(), domains, product, version.major(), month);
      if (month.equals(current) || minutes.opened() + minutes.failed() > 0) {
        Instant begin = start(month);
        Instant end = start(month.plusMonths(1));
        months.add(
            new Availability(
                month,
                promised.doubleValue(),
                minutes.opened(),
                minutes.failed(),
                (int) Duration.between(begin, end.isAfter(now) ? now : end).toMinutes() + 1));
      }
    }
    return months;
  }

  private static Instant start(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
