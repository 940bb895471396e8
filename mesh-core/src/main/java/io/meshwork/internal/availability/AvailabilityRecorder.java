package io.meshwork.internal.availability;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in which minutes this process could open the tables whose contracts promise an
 * availability, for the domain that reads them. Minutes are collected in memory and written once an
 * hour, by maintenance, and on close: a killed process loses its last hour. Thread-safe.
 */
public final class AvailabilityRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(AvailabilityRecorder.class);
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_KNOWN = 20_000;

  /** Months before the last ones are removed when a new one begins. */
  private static final int KEPT_MONTHS = 13;

  private final Ledger ledger;
  private final MeshRuntime runtime;
  private final Map<ProductName, Reader> readers = new ConcurrentHashMap<>();
  private final Map<MonthKey, AvailabilityMinutes> pending = new HashMap<>();
  private Instant hour = Instant.MIN;

  public AvailabilityRecorder(Ledger ledger, MeshRuntime runtime) {
    this.ledger = ledger;
    this.runtime = runtime;
  }

  /** Who opened a product last, and in which version. */
  private record Reader(String domain, int major) {}

  private record MonthKey(String domain, ProductName product, int major, YearMonth month) {
    Key key() {
      return RegistryKeys.opens(domain, product, major, month);
    }

    MonthKey expired() {
      return new MonthKey(domain, product, major, month.minusMonths(KEPT_MONTHS));
    }
  }

  /** Records that a domain opened the table of a version, if its contract promises availability. */
  public void opened(String domain, ProductName product, VersionEntry version) {
    if (version.contract().serviceLevel().availability().isEmpty()) {
      readers.remove(product);
      return;
    }
    if (readers.size() < MAX_KNOWN) {
      readers.put(product, new Reader(domain, version.major()));
    }
    add(new Reader(domain, version.major()), product, true);
  }

  /**
   * Records that a product that this process opened before could not be opened, unless the store
   * denied it: then others can open it.
   */
  public void failed(ProductName product, BackendException cause) {
    Reader reader = readers.get(product);
    if (reader != null && !isDenial(cause)) {
      add(reader, product, false);
    }
  }

  /** Records that the table of a version could not be opened by a domain; not so a denial. */
  public void failed(
      String domain, ProductName product, VersionEntry version, BackendException cause) {
    if (!isDenial(cause)) {
      add(new Reader(domain, version.major()), product, false);
    }
  }

  private static boolean isDenial(BackendException cause) {
    return cause.errorCode() == ErrorCode.PERMISSION_MISSING;
  }

  private void add(Reader reader, ProductName product, boolean success) {
    Instant now = runtime.clock().instant();
    Instant current = now.truncatedTo(ChronoUnit.HOURS);
    boolean due;
    synchronized (this) {
      MonthKey key =
          new MonthKey(reader.domain(), product, reader.major(), AvailabilityMinutes.month(now));
      if (pending.size() < MAX_KNOWN || pending.containsKey(key)) {
        pending.computeIfAbsent(key, absent -> new AvailabilityMinutes()).add(now, success);
      }
      due = success && hour.isBefore(current) && hour.isAfter(Instant.MIN);
      if (due || hour.equals(Instant.MIN)) {
        hour = current;
      }
    }
    if (due) {
      write();
    }
  }

  /**
   * Writes all minutes; if that fails, they are retained. After a failure, nothing more is written
   * to the same partition, so that a read does not wait for each product. Never throws.
   */
  public void write() {
    Map<MonthKey, AvailabilityMinutes> due;
    synchronized (this) {
      due = new HashMap<>(pending);
      pending.clear();
    }
    Set<String> failing = new HashSet<>();
    due.forEach(
        (key, minutes) -> {
          if (failing.contains(key.key().partition())) {
            restore(key, minutes);
            return;
          }
          try {
            ledger.commit(
                new MinutesChange(ledger, key, minutes), runtime.startDeadline(WRITE_TIMEOUT));
          } catch (RuntimeException e) {
            LOG.warn("minutes in which a table was opened were not written; they are retried");
            LOG.debug("Minutes were not written", e);
            failing.add(key.key().partition());
            restore(key, minutes);
          }
        });
  }

  private synchronized void restore(MonthKey key, AvailabilityMinutes minutes) {
    pending.merge(
        key,
        minutes,
        (newer, older) -> {
          newer.add(older);
          return newer;
        });
  }

  /**
   * The minutes of a month in which domains opened a version, or could not.
   *
   * @param domains the domains whose observations count
   */
  public static AvailabilityMinutes of(
      Ledger ledger, Iterable<String> domains, ProductName product, int major, YearMonth month) {
    AvailabilityMinutes all = new AvailabilityMinutes();
    for (String domain : domains) {
      ledger
          .read(RegistryKeys.opens(domain, product, major, month))
          .ifPresent(document -> all.add(AvailabilityMinutes.of(document.json())));
    }
    return all;
  }

  /** Adds minutes to the document of a month. */
  private record MinutesChange(Ledger ledger, MonthKey month, AvailabilityMinutes minutes)
      implements Ledger.Change<Boolean> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.RECORD, "the availability of " + month.product());
    }

    @Override
    public String partition() {
      return month.key().partition();
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      Key key = month.key();
      Optional<VersionedDocument> before = ledger.read(key);
      AvailabilityMinutes all =
          before
              .map(document -> AvailabilityMinutes.of(document.json()))
              .orElseGet(AvailabilityMinutes::new);
      if (before.isPresent() && all.contains(minutes)) {
        return CommitDraft.unchanged(true);
      }
      all.add(minutes);
      ObjectNode json =
          before.map(document -> document.json().deepCopy()).orElseGet(DocumentJson::create);
      all.writeTo(json);
      CommitDraft<Boolean> draft = CommitDraft.unlogged();
      if (before.isPresent()) {
        draft.replace(before.get(), json);
      } else {
        draft.insert(key, json);
        ledger.read(month.expired().key()).ifPresent(draft::delete);
      }
      return draft.result(true);
    }
  }
}
