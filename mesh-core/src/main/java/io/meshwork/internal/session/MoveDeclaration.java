package io.meshwork.internal.session;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds whether a consumer declared its move from a major version since its recorded use. Its next
 * read is recorded even on the same day: it shows that the consumer did not move. Stateless.
 */
final class MoveDeclaration {
  private MoveDeclaration() {}

  /**
   * True if the consumer declared its move after the recorded use, or at the same time. Reads the
   * registry only if a rollout replaces the major version.
   *
   * @param name the subscription's name; {@link UsageEntry#WITHOUT_SUBSCRIPTION} if none reads
   */
  static boolean isSince(
      ClientSession session,
      ClientSession.AdmittedRead read,
      VersionEntry version,
      String name,
      UsageEntry recorded) {
    OptionalInt rollout = version.rollout();
    if (rollout.isEmpty()) {
      return false;
    }
    String partition =
        session.catalog().consumerPartition(read.consumer(), read.product().domain());
    Key answer = RegistryKeys.rolloutAnswer(partition, read.product(), rollout.getAsInt(), name);
    return session
        .ledger()
        .read(answer)
        .flatMap(stored -> Optional.ofNullable(stored.json().path(UsageEntry.MOVED_AT).textValue()))
        .filter(at -> !recorded.at().isAfter(Instant.parse(at)))
        .isPresent();
  }
}
