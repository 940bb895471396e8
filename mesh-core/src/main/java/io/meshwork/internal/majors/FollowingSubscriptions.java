package io.meshwork.internal.majors;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.contract.ContractSuccession;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;

/** Whether subscriptions that follow can move to another major version. Stateless. */
final class FollowingSubscriptions {
  /** The number of changes that a reason names. */
  private static final int MAX_NAMED = 3;

  private FollowingSubscriptions() {}

  /**
   * Returns why a subscription does not move to the current major version; empty if it does not
   * follow, has moved, or moves when it is read next.
   */
  static Optional<String> waitsBecause(ClientSession session, SubscriberList.Entry entry) {
    if (!entry.terms().follows()) {
      return Optional.empty();
    }
    MeshAction action = MeshAction.of(Verb.LIST, "subscribers of " + entry.product());
    int current = session.catalog().requireProduct(entry.product(), action).currentMajor();
    return current == entry.major()
        ? Optional.empty()
        : waitsBecause(
            session,
            entry,
            session.catalog().requireFor(Use.DESCRIBE, entry.product(), current, action));
  }

  /** Returns why a subscription that follows would not move to this major version. */
  static Optional<String> waitsBecause(
      ClientSession session, SubscriberList.Entry entry, VersionEntry next) {
    VersionEntry from =
        session
            .catalog()
            .requireFor(
                Use.DESCRIBE,
                entry.product(),
                entry.major(),
                MeshAction.of(Verb.LIST, "subscribers of " + entry.product()));
    return obstacle(session, entry.product(), from, next, entry.columns());
  }

  /**
   * Returns why a subscription cannot move: the changes that break what it reads, by the rules of
   * {@link ConsumerImpact}. Empty if it can.
   *
   * @param columns the columns that it and its filter name, as paths; empty for all
   */
  static Optional<String> obstacle(
      ClientSession session,
      ProductName product,
      VersionEntry from,
      VersionEntry to,
      List<String> columns) {
    ContractSuccession succession = ConsumerImpact.succession(session, product, from, to);
    List<String> breaks = new ArrayList<>();
    ConsumerImpact.affecting(ConsumerImpact.breaking(succession), columns).stream()
        // The name of the record does not matter to a reader that names its columns.
        .filter(change -> columns.isEmpty() || !change.path().isEmpty())
        .map(change -> change.what().replaceFirst("\\.$", ""))
        .forEach(breaks::add);
    if (breaks.isEmpty()) {
      Schema next = IcebergSchemas.fromAvro(to.contract().schema());
      RenamedColumns names = RenamedColumns.of(session, product, to.version());
      columns.stream()
          .filter(column -> !ColumnPaths.unknown(next, List.of(column)).isEmpty())
          .forEach(column -> breaks.add("it has no column " + names.described(column)));
    }
    return breaks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "major version "
                + to.major()
                + " breaks it: "
                + breaks.stream().distinct().limit(MAX_NAMED).collect(Collectors.joining("; ")));
  }
}
