package io.meshwork.internal.rollouts;

import io.meshwork.access.Permission;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessDecision;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.ProductColumns.FormerNames;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rollout.NewMajor;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.product.Principal;
import io.meshwork.rollout.RolloutPlan.MissingRight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;

/**
 * Finds the readers of one major version of a product that could read nothing of the next. Reads
 * each document of rights once.
 */
final class ReaderRights {
  private final DomainEntry domain;
  private final ProductEntry product;
  private final RightsDocuments documents;
  private final Instant now;

  ReaderRights(ClientSession session, DomainEntry domain, ProductEntry product, Instant now) {
    this.domain = domain;
    this.product = product;
    this.documents = session.rights().with(Map.of());
    this.now = now;
  }

  /**
   * Compares with a major version that does not exist yet.
   *
   * @param table the columns of the table of the current major version
   */
  List<MissingRight> missing(
      VersionEntry current, Schema table, NewMajor next, List<SubscriberList.Entry> subscribers) {
    ProductColumns known = documents.columns(product.name(), current);
    Optional<FormerNames> former =
        known.identified()
            ? known.former()
            : Optional.of(new FormerNames(table, current.contract()));
    ProductColumns columns = new ProductColumns(next.number(), next.schema(), true, former);
    return isOpen(VersionEntry.openColumns(next.contract()))
        ? List.of()
        : missing(
            documents.ofProduct(domain, product, current),
            documents.ofProduct(domain, product, next.contract(), columns),
            subscribers);
  }

  /** Compares two major versions that exist. */
  List<MissingRight> missing(
      VersionEntry from, VersionEntry to, List<SubscriberList.Entry> subscribers) {
    return isOpen(to.openColumns())
        ? List.of()
        : missing(
            documents.ofProduct(domain, product, from),
            documents.ofProduct(domain, product, to),
            subscribers);
  }

  private boolean isOpen(List<String> openColumns) {
    return product.openToMesh() && !openColumns.isEmpty();
  }

  private List<MissingRight> missing(
      PolicySnapshot from, PolicySnapshot to, List<SubscriberList.Entry> subscribers) {
    List<MissingRight> missing = new ArrayList<>();
    for (SubscriberList.Entry subscriber : subscribers) {
      for (Principal reader : readers(subscriber)) {
        AccessDecision before = decide(from, reader);
        if (before.allowed() && !decide(to, reader).allowed()) {
          missing.add(
              new MissingRight(
                  subscriber.subscription(),
                  reader.toString(),
                  String.join("; ", AccessFormatter.reasons(before, before.columns())),
                  "Grant "
                      + reader
                      + " columns of the new contract with grant(\""
                      + product.name()
                      + "\"), or declare renamed columns with renaming(..)."));
        }
      }
    }
    return missing;
  }

  /** Who created a subscription, and who read with it last, if these are of other domains. */
  private List<Principal> readers(SubscriberList.Entry subscriber) {
    List<String> accounts = domain.domain().accounts();
    return Stream.concat(
            Stream.of(subscriber.stored().json().path("by").asText()),
            subscriber.usage().map(UsageEntry::by).stream())
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .map(name -> name.split("/", 2))
        .filter(parts -> parts.length == 2 && !accounts.contains(parts[0]))
        .map(parts -> Principal.of(parts[0], parts[1]))
        .toList();
  }

  private AccessDecision decide(PolicySnapshot snapshot, Principal reader) {
    return snapshot
        .evaluator(List.of(reader.account()))
        .decide(
            AccessQuestion.of(
                Grantee.of(reader), Permission.SELECT, snapshot.resource(product.name()), now));
  }
}
