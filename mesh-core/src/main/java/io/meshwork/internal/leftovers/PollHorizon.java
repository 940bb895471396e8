package io.meshwork.internal.leftovers;

import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.util.stream.Stream;

/** How long contracts let a consumer that polls pause and still receive each change. Stateless. */
public final class PollHorizon {
  private PollHorizon() {}

  public static Duration of(ClientSession session, TableName table) {
    return of(
        session
            .catalog()
            .requireFor(Use.DESCRIBE, table.product(), table.major(), action(table.partition())));
  }

  /** The longest one of a product; the default for the partitions of domains. */
  public static Duration longest(ClientSession session, String partition) {
    Stream<Duration> ofMajors =
        partition.contains("/") && !partition.contains("@")
            ? session.catalog().findProduct(ProductName.of(partition)).stream()
                .flatMap(
                    product -> session.catalog().liveMajors(product, action(partition)).stream())
                .map(PollHorizon::of)
            : Stream.empty();
    return Stream.concat(Stream.of(ServiceLevel.DEFAULT_POLL_HORIZON), ofMajors)
        .max(Duration::compareTo)
        .orElseThrow();
  }

  private static Duration of(VersionEntry version) {
    return version
        .contract()
        .serviceLevel()
        .pollHorizon()
        .orElse(ServiceLevel.DEFAULT_POLL_HORIZON);
  }

  private static MeshAction action(String partition) {
    return MeshAction.of(Verb.FIND, "what consumers of " + partition + " have not received");
  }
}
