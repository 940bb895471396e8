package io.meshwork.internal.session;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the reads of domains without a subscription, as the use of the domain, and remembers what
 * this process recorded, so that a repeated read costs no call of the registry on the same day, or
 * one if a rollout replaces the major: whether the domain declared its move. Thread-safe.
 *
 * <p>A record that cannot be written fails the read only if a rollout replaces the major: its
 * consumers are waited for by their reads.
 */
final class UsageRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(UsageRecorder.class);
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration RETRY_DELAY = Duration.ofMinutes(1);
  private static final int MAX_RECORDED = 20_000;

  private final Map<Reader, UsageEntry> recorded = new ConcurrentHashMap<>();
  private volatile Instant retryAfter = Instant.MIN;

  private record Reader(String domain, ProductName product, int major) {}

  /** Records a read, unless it was recorded on the same day or the domain owns the product. */
  void record(ClientSession session, ClientSession.AdmittedRead read) {
    if (read.consumer().equals(read.product().domain())) {
      return;
    }
    VersionEntry version = read.version();
    Reader reader = new Reader(read.consumer(), read.product(), version.major());
    Instant now = session.runtime().clock().instant();
    UsageEntry usage = recorded.get(reader);
    boolean isRecorded =
        usage != null
            && usage.covers(session.principal().toString(), version.version(), read.columns(), now)
            && !MoveDeclaration.isSince(
                session, read, version, UsageEntry.WITHOUT_SUBSCRIPTION, usage);
    if (isRecorded || (!version.isInRollout() && now.isBefore(retryAfter))) {
      return;
    }
    try {
      UsageEntry entry = write(session, read);
      if (recorded.size() >= MAX_RECORDED) {
        recorded.clear();
      }
      recorded.put(reader, entry);
    } catch (BackendException | ConflictException | OutcomeUnknownException e) {
      ignore(version, e, now);
    }
  }

  private static UsageEntry write(ClientSession session, ClientSession.AdmittedRead read) {
    UsageChange note =
        new UsageChange(session, read, UsageEntry.WITHOUT_SUBSCRIPTION, Optional::empty);
    return session.ledger().commit(note, session.runtime().startDeadline(WRITE_TIMEOUT));
  }

  /** A later read records the use. */
  private void ignore(VersionEntry version, MeshException failure, Instant now) {
    if (version.isInRollout()) {
      throw failure;
    }
    retryAfter = now.plus(RETRY_DELAY);
    LOG.warn("The use by a reader without a subscription was not recorded; it is retried");
    LOG.debug("The use was not recorded", failure);
  }
}
