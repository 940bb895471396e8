package io.meshwork.internal.session;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.availability.AvailabilityRecorder;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.session.AccessCount.Kind;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the reads and denials of one open mesh by hour, principal, product, and version, and
 * writes them to the log {@code <domain>/@reads} of the reader's domain, or of the mesh if the
 * reader's account acts for none. Thread-safe.
 *
 * <p>The first access of a kind in an hour is written immediately: a read before its rows are
 * returned, a denial before it is thrown. Further accesses are written when a later hour begins,
 * when this process queries the audit, by maintenance, and on close. A killed process can lose
 * their number, but not the fact that the access happened. If a write fails, the counts are
 * retained and written later; the read does not fail.
 */
public final class AccessCounter {
  /** The action that counts reads of a product's rows. */
  public static final String READ_SEEN = "read.seen";

  /** The action that counts rows of a product that a page shows; they are not read for a use. */
  public static final String SAMPLE_SEEN = "sample.seen";

  /** The action that counts reads of quarantined rows. */
  public static final String QUARANTINE_SEEN = "quarantine.seen";

  /** The event type of a log entry with counts. */
  public static final String EVENT = "access.counted";

  private static final Logger LOG = LoggerFactory.getLogger(AccessCounter.class);
  private static final Principal SDK = Principal.of("mesh", "sdk");
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration RETRY_DELAY = Duration.ofMinutes(1);
  private static final int MAX_LINES = 100;

  /** The most characters of columns in an entry; each may need several bytes. */
  private static final int MAX_LENGTH = 80_000;

  private static final int MAX_KINDS = 20_000;
  private static final int MAX_DESCRIPTION_LENGTH = 200;

  private final Ledger ledger;
  private final Catalog catalog;
  private final MeshRuntime runtime;
  private final boolean countsUnassignedAccounts;
  private final boolean silent;
  private final Map<Kind, AccessCount> counts = new HashMap<>();
  private final Map<String, String> partitions = new ConcurrentHashMap<>();
  private final UsageRecorder usage = new UsageRecorder();
  private final AvailabilityRecorder opens;
  private Instant hour = Instant.MIN;
  private Instant retryAfter = Instant.MIN;

  /**
   * A counter for the mesh with this registry; nothing to close.
   *
   * @param countsUnassignedAccounts true to count accesses by accounts that act for no domain, in
   *     the log of the mesh; false if these accounts cannot write it
   */
  public AccessCounter(
      Ledger ledger, Catalog catalog, MeshRuntime runtime, boolean countsUnassignedAccounts) {
    this(ledger, catalog, runtime, countsUnassignedAccounts, false);
  }

  private AccessCounter(
      Ledger ledger,
      Catalog catalog,
      MeshRuntime runtime,
      boolean countsUnassignedAccounts,
      boolean silent) {
    this.ledger = ledger;
    this.catalog = catalog;
    this.runtime = runtime;
    this.countsUnassignedAccounts = countsUnassignedAccounts;
    this.silent = silent;
    this.opens = new AvailabilityRecorder(ledger, runtime);
  }

  /**
   * Counts a read, before its rows are returned.
   *
   * @param action such as {@code read.seen}
   * @param what what is returned: {@code rows}, {@code files} or {@code table}
   * @param columns the top-level columns that are read or used by a filter; {@link AccessCount#ALL}
   *     alone for all of the version
   */
  public void read(
      Principal who,
      String action,
      ProductName product,
      ContractVersion version,
      String what,
      Collection<String> columns) {
    Instant now = now();
    count(
        now,
        new Kind(hour(now), who, action, product.toString(), version.toString(), what, ""),
        columns);
  }

  /**
   * Counts a denial.
   *
   * @param verb the verb under which it is counted, such as {@code read} of {@code read.denied}
   * @param subject the product or the domain
   */
  void denied(
      Principal who, Verb verb, String subject, MeshAction action, AccessDeniedException denied) {
    denied(who, verb, subject, action, denied.missing());
  }

  /**
   * Counts a denial.
   *
   * @param missing what would have allowed the action
   */
  void denied(Principal who, Verb verb, String subject, MeshAction action, String missing) {
    String text = action.toString();
    String description =
        text.length() <= MAX_DESCRIPTION_LENGTH ? text : text.substring(0, MAX_DESCRIPTION_LENGTH);
    Instant now = now();
    String counted = verb.code() + ".denied";
    count(now, new Kind(hour(now), who, counted, subject, "", description, missing), Set.of());
  }

  /** Returns a counter that counts nothing. */
  AccessCounter silent() {
    return new AccessCounter(ledger, catalog, runtime, countsUnassignedAccounts, true);
  }

  /** Returns the recorder of uses, which all sessions of the mesh share. */
  UsageRecorder usage() {
    return usage;
  }

  /** Returns the recorder of opened tables, which all sessions of the mesh share. */
  public AvailabilityRecorder opens() {
    return opens;
  }

  /** Writes all counts; if that fails, they are retained. Never throws. */
  public void write() {
    List<AccessCount> due;
    synchronized (this) {
      due = drain();
    }
    write(due);
    opens.write();
  }

  private void count(Instant now, Kind kind, Collection<String> columns) {
    if (silent) {
      return;
    }
    List<AccessCount> due;
    synchronized (this) {
      boolean laterHour = kind.hour().isAfter(hour);
      AccessCount existing = counts.get(kind);
      if (existing == null && counts.size() >= MAX_KINDS) {
        return; // Writes have failed for long: retain the oldest kinds.
      }
      AccessCount count = existing == null ? new AccessCount(kind) : existing;
      count.add(now, columns);
      counts.put(kind, count);
      if ((existing != null && !laterHour) || now.isBefore(retryAfter)) {
        return;
      }
      hour = laterHour ? kind.hour() : hour;
      due = drain();
    }
    write(due);
  }

  /** Returns and resets all counts, and removes the kinds of earlier hours. */
  private List<AccessCount> drain() {
    List<AccessCount> due = new ArrayList<>();
    counts.values().forEach(count -> count.drain().ifPresent(due::add));
    due.sort(AccessCount.OLDEST_FIRST);
    counts.keySet().removeIf(kind -> kind.hour().isBefore(hour));
    return due;
  }

  private void write(List<AccessCount> due) {
    Map<String, List<AccessCount>> byPartition = new TreeMap<>();
    for (AccessCount count : due) {
      try {
        partition(count.kind().who())
            .ifPresent(
                partition ->
                    byPartition.computeIfAbsent(partition, absent -> new ArrayList<>()).add(count));
      } catch (RuntimeException e) {
        restore(List.of(count), e);
      }
    }
    for (Map.Entry<String, List<AccessCount>> log : byPartition.entrySet()) {
      for (List<AccessCount> chunk : chunks(log.getValue())) {
        try {
          ledger.commit(new CountsEntry(log.getKey(), chunk), runtime.startDeadline(WRITE_TIMEOUT));
        } catch (RuntimeException e) {
          restore(chunk, e);
        }
      }
    }
  }

  /** Divides counts into entries that the registry can store. */
  private static List<List<AccessCount>> chunks(List<AccessCount> lines) {
    List<List<AccessCount>> chunks = new ArrayList<>();
    List<AccessCount> chunk = new ArrayList<>();
    int length = 0;
    for (AccessCount line : lines) {
      length += line.length();
      if (!chunk.isEmpty() && (length > MAX_LENGTH || chunk.size() >= MAX_LINES)) {
        chunks.add(chunk);
        chunk = new ArrayList<>();
        length = line.length();
      }
      chunk.add(line);
    }
    chunks.add(chunk);
    return chunks;
  }

  /** Adds counts again that could not be written. */
  private void restore(List<AccessCount> lines, RuntimeException cause) {
    LOG.warn("{} counts of reads and denials were not written; they are retried", lines.size());
    LOG.debug("Counts were not written", cause);
    synchronized (this) {
      retryAfter = now().plus(RETRY_DELAY);
      for (AccessCount line : lines) {
        counts.computeIfAbsent(line.kind(), AccessCount::new).add(line);
      }
    }
  }

  /** Returns the partition of the counts of a principal; empty if they are not written. */
  private Optional<String> partition(Principal who) {
    String cached = partitions.get(who.account());
    if (cached != null) {
      return Optional.of(cached);
    }
    Optional<String> log =
        catalog.findAccount(who.account()).map(account -> RegistryKeys.reads(account.domain()));
    log.ifPresent(partition -> partitions.put(who.account(), partition));
    return log.or(
        () ->
            countsUnassignedAccounts
                ? Optional.of(RegistryKeys.reads(RegistryKeys.MESH))
                : Optional.empty());
  }

  private static Instant hour(Instant time) {
    return time.truncatedTo(ChronoUnit.HOURS);
  }

  private Instant now() {
    return runtime.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Appends one log entry with counts. */
  private record CountsEntry(String partition, List<AccessCount> lines)
      implements Ledger.Change<Boolean> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.WRITE, "the counts of reads and denials");
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      return CommitDraft.<Boolean>of(EVENT, SDK, partition)
          .details(new EventDetails.AccessCounts(lines.stream().map(AccessCount::logged).toList()))
          .result(true);
    }
  }
}
