package io.meshwork.internal.rollout.retirement;

import io.meshwork.card.ProductConsumer;
import io.meshwork.card.ProductConsumer.Kind;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.Count;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds who uses the new major version of a rollout: its subscriptions, the domains that read it
 * without one, the links that name it, and the products that depend on it. Used by one thread.
 */
final class MajorUsers {
  private final ClientSession session;
  private final ProductName product;
  private final VersionEntry from;
  private final VersionEntry to;
  private final List<Finding> findings = new ArrayList<>();

  private MajorUsers(ClientSession session, TransitionContext context) {
    this.session = session;
    this.product = context.product().name();
    this.from = context.from();
    this.to = context.to();
  }

  /** Returns an error for each user of the new major version; empty if there is none. */
  static List<Finding> findings(ClientSession session, TransitionContext context) {
    MajorUsers users = new MajorUsers(session, context);
    users.addSubscriptions();
    users.addReaders();
    users.addLinks();
    users.addDependents();
    return List.copyOf(users.findings);
  }

  private void addSubscriptions() {
    SubscriberList.of(session, product, to).stream()
        .sorted(Comparator.comparing(SubscriberList.Entry::subscription))
        .forEach(each -> add(each.subscription(), "subscribes to it", moveBack(each)));
  }

  /** What the domain of a subscription does, which can have read the old major version or not. */
  private String moveBack(SubscriberList.Entry subscription) {
    String name = "\"" + product + "\"";
    boolean returns = subscription.hasLeft(from.major());
    if (!returns && !from.state().allows(Use.SUBSCRIBE_TO_DEPRECATED)) {
      return "Have "
          + subscription.domain()
          + " call unsubscribe("
          + name
          + ", \""
          + subscription.name()
          + "\"), and subscribe again after the abort: "
          + old()
          + " accepts no new subscriptions until then.";
    }
    return "Have "
        + subscription.domain()
        + " call subscribe("
        + name
        + ").name(\""
        + subscription.name()
        + "\").majorVersion("
        + from.major()
        + ")"
        + (returns ? "" : ".allowDeprecated().because(reason)")
        + ".commit().";
  }

  /** A domain is gone once it did not read for its quiet period. */
  private void addReaders() {
    Instant now = session.runtime().clock().instant();
    for (Catalog.Consumer consumer : session.catalog().consumers(product.domain())) {
      String name = UsageEntry.WITHOUT_SUBSCRIPTION;
      session
          .ledger()
          .read(RegistryKeys.usage(consumer.partition(), product, name, to.major()))
          .map(UsageEntry::of)
          .filter(usage -> !usage.isQuiet(now))
          .ifPresent(
              usage ->
                  add(
                      consumer.domain() + "/" + name,
                      "read it at " + usage.at(),
                      "Have it read "
                          + old()
                          + " with majorVersion("
                          + from.major()
                          + "); it no longer counts once it did not read the new one for "
                          + Count.of(usage.quietPeriod(now).toDays(), "day")
                          + "."));
    }
  }

  private void addLinks() {
    for (DomainEntry domain : session.catalog().domains()) {
      for (LinkEntry link : session.catalog().links(domain.domain().name())) {
        boolean pinned = link.product().equals(Optional.of(product)) && !link.following();
        if (pinned && link.major() == to.major()) {
          add(
              domain.domain().name(),
              "has the link " + link.name() + " to it",
              "Have it remove the link with unlinkResource(\"" + link.name() + "\").");
        }
      }
    }
  }

  private void addDependents() {
    List<ProductConsumer> consumers = SubscriberList.consumers(session, product);
    for (ProductConsumer consumer : consumers) {
      String name = consumer.name();
      boolean derives =
          consumer.kind() == Kind.DERIVED_PRODUCT
              && consumer.major() == to.major()
              && lastUse(consumers, name, from.major())
                      .compareTo(consumer.lastUsed().orElse(Instant.MIN))
                  < 0;
      boolean refers =
          consumer.kind() == Kind.REFERRING_RULE
              && consumer.major() == to.major()
              && !from.columns().containsAll(consumer.columns());
      if (derives) {
        add(
            name,
            "derives rows from it",
            "Have it publish rows that it derives from " + old() + ".");
      } else if (refers) {
        add(
            name,
            "has rules on columns that only it has",
            "Have it remove these rules with amendContract(\"" + name + "\", ..).");
      }
    }
  }

  private static Instant lastUse(List<ProductConsumer> consumers, String name, int major) {
    return consumers.stream()
        .filter(each -> each.kind() == Kind.DERIVED_PRODUCT)
        .filter(each -> each.major() == major && each.name().equals(name))
        .flatMap(each -> each.lastUsed().stream())
        .findFirst()
        .orElse(Instant.MIN);
  }

  private String old() {
    return "major version " + from.major();
  }

  private void add(String user, String use, String fix) {
    findings.add(
        Finding.error(
            FindingCode.MAJOR_IN_USE,
            user,
            user + " uses major version " + to.major() + ": it " + use + ".",
            fix));
  }
}
