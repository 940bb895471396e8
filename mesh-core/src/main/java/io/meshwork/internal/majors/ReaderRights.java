package io.meshwork.internal.majors;

import io.meshwork.access.Permission;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the readers of one major version of a product, with a subscription or without one, that
 * could read nothing of the next. Reads each document of rights once.
 */
public final class ReaderRights {
  /**
   * A consumer that would read nothing of the new major version. Immutable.
   *
   * @param subscription the subscription, as {@code domain/name}; {@code domain/@} for reads
   *     without one
   * @param principal who reads with it, or who read without one in the last 90 days
   * @param grants the grants by which it reads the current major version
   * @param fix how to give it access
   */
  public record MissingRight(String subscription, String principal, String grants, String fix) {
    /** Returns one line of a plan. */
    @Override
    public String toString() {
      return subscription + "  " + principal + " reads nothing of it  (now by " + grants + ")";
    }
  }

  private final ClientSession session;
  private final DomainEntry domain;
  private final ProductEntry product;
  private final RightsDocuments documents;
  private final Instant now;

  public ReaderRights(
      ClientSession session, DomainEntry domain, ProductEntry product, Instant now) {
    this.session = session;
    this.domain = domain;
    this.product = product;
    this.documents = session.rights().with(Map.of());
    this.now = now;
  }

  /**
   * Compares with a major version that does not exist yet. Reads without a subscription count if
   * they are of the last 90 days.
   */
  public List<MissingRight> missing(
      VersionEntry current, NewMajor next, List<SubscriberList.Entry> subscribers) {
    ProductColumns columns = new ProductColumns(next.number(), next.schema());
    return isOpen(VersionEntry.openColumns(next.contract()))
        ? List.of()
        : missing(
            current,
            grantees -> documents.ofProduct(domain, product, next.contract(), columns, grantees),
            readers(current, subscribers, now));
  }

  /**
   * Compares two major versions that exist.
   *
   * @param observed the time before which reads without a subscription count for 90 days, as for
   *     their tracks; later ones count too
   */
  public List<MissingRight> missing(
      VersionEntry from,
      VersionEntry to,
      List<SubscriberList.Entry> subscribers,
      Instant observed) {
    return isOpen(to.openColumns())
        ? List.of()
        : missing(
            from,
            grantees -> documents.ofProduct(domain, product, List.of(to), grantees),
            readers(from, subscribers, observed));
  }

  private boolean isOpen(List<String> openColumns) {
    return product.openToMesh() && !openColumns.isEmpty();
  }

  /** Reads only the rights that concern the readers. */
  private List<MissingRight> missing(
      VersionEntry current,
      Function<Set<Grantee>, PolicySnapshot> rightsTo,
      Map<String, List<Principal>> readers) {
    List<MissingRight> missing = new ArrayList<>();
    Set<String> accounts = new TreeSet<>();
    Set<Grantee> grantees = new LinkedHashSet<>();
    readers.values().stream()
        .flatMap(List::stream)
        .forEach(
            reader -> {
              accounts.add(reader.account());
              grantees.add(Grantee.of(reader));
            });
    PolicySnapshot from = documents.ofProduct(domain, product, List.of(current), grantees);
    PolicySnapshot to = rightsTo.apply(grantees);
    AccessEvaluator rightsBefore = from.evaluator(accounts);
    AccessEvaluator rightsAfter = to.evaluator(accounts);
    readers.forEach(
        (consumer, principals) -> {
          for (Principal reader : principals) {
            AccessDecision before = rightsBefore.decide(question(from, reader));
            if (before.allowed() && !rightsAfter.decide(question(to, reader)).allowed()) {
              missing.add(missing(consumer, reader, before));
            }
          }
        });
    return missing;
  }

  private MissingRight missing(String consumer, Principal reader, AccessDecision before) {
    return new MissingRight(
        consumer,
        reader.toString(),
        String.join("; ", AccessFormatter.reasons(before, before.columns())),
        "Grant "
            + reader
            + " columns of the new contract with grant(\""
            + product.name()
            + "\"), or declare renamed columns with renameColumn(..).");
  }

  /** The principals of other domains that read a major version, by the name of the consumer. */
  private Map<String, List<Principal>> readers(
      VersionEntry version, List<SubscriberList.Entry> subscribers, Instant observed) {
    Map<String, List<Principal>> readers = new LinkedHashMap<>();
    for (SubscriberList.Entry subscriber : subscribers) {
      readers.put(subscriber.subscription(), ofOtherDomains(readers(subscriber)));
    }
    String name = UsageEntry.WITHOUT_SUBSCRIPTION;
    for (Catalog.Consumer consumer : session.catalog().consumers(product.name().domain())) {
      session
          .ledger()
          .read(RegistryKeys.usage(consumer.partition(), product.name(), name, version.major()))
          .map(UsageEntry::of)
          .map(usage -> ofOtherDomains(usage.recentReaders(observed)))
          .ifPresent(recent -> readers.put(consumer.domain() + "/" + name, recent));
    }
    return readers;
  }

  /** Who created a subscription, and who read with it last. */
  private static SortedSet<String> readers(SubscriberList.Entry subscriber) {
    return Stream.concat(
            Stream.of(subscriber.registered().by().toString()),
            subscriber.usage().map(UsageEntry::by).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<Principal> ofOtherDomains(SortedSet<String> names) {
    List<String> accounts = domain.domain().accounts();
    return names.stream()
        .map(name -> name.split("/", 2))
        .filter(parts -> parts.length == 2 && !accounts.contains(parts[0]))
        .map(parts -> Principal.of(parts[0], parts[1]))
        .toList();
  }

  private AccessQuestion question(PolicySnapshot snapshot, Principal reader) {
    return AccessQuestion.of(
        Grantee.of(reader), Permission.SELECT, snapshot.resource(product.name()), now);
  }
}
