package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
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
 * What one open mesh saw of reads and denials, counted by hour, principal, product and version, and
 * written into the log {@code <domain>/@reads} of the reader's domain, which no other work waits
 * for. Thread-safe.
 *
 * <p>The first of a kind in an hour is written at once, a read before its rows are handed out and a
 * denial before the caller has it; more of the same hour cost nothing and are written when the hour
 * has passed and another is seen, when the audit is asked in this process, by maintenance, and when
 * the mesh is closed. So a process that is killed loses how often, and never whether. What cannot
 * be written stays and is tried again later; nobody's read fails for it.
 */
public final class AccessCounter {
  /** The action under which it is counted that rows of a product were handed out. */
  public static final String READ_SEEN = "read.seen";

  /** The same of rows that were set aside. */
  public static final String QUARANTINE_SEEN = "quarantine.seen";

  /** The event of an entry that holds counts. */
  public static final String EVENT = "access.counted";

  private static final Logger LOG = LoggerFactory.getLogger(AccessCounter.class);
  private static final Principal SELF = Principal.of("mesh", "sdk");
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int MOST_LINES = 100;
  private static final int MOST_KINDS = 20_000;
  private static final int LONGEST_DESCRIPTION = 200;

  private final Ledger ledger;
  private final Catalog catalog;
  private final MeshRuntime runtime;
  private final Map<Kind, AccessCount> seen = new HashMap<>();
  private final Map<String, String> partitions = new ConcurrentHashMap<>();
  private Instant hour = Instant.MIN;
  private Instant notBefore = Instant.MIN;

  /** Counts for the mesh with this registry; holds nothing to close. */
  public AccessCounter(Ledger ledger, Catalog catalog, MeshRuntime runtime) {
    this.ledger = ledger;
    this.catalog = catalog;
    this.runtime = runtime;
  }

  /**
   * Rows of a product are about to be handed out.
   *
   * @param action such as {@code read.seen}
   * @param what what is handed out: {@code rows}, {@code files} or {@code table}
   * @param columns the top-level columns that are read or asked by a filter; {@link
   *     AccessCount#ALL} alone for all that the reader may see
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
   * A principal had no right to something.
   *
   * @param right the verb under which it is counted, such as {@code read} of {@code read.denied}
   * @param subject the product or the domain
   */
  void denied(
      Principal who, Verb right, String subject, MeshAction action, AccessDeniedException why) {
    denied(who, right, subject, action, why.missing());
  }

  /** The same, with what would have allowed it. */
  void denied(Principal who, Verb right, String subject, MeshAction action, String missing) {
    String text = action.toString();
    String tried =
        text.length() <= LONGEST_DESCRIPTION ? text : text.substring(0, LONGEST_DESCRIPTION);
    Instant now = now();
    String counted = right.code() + ".denied";
    count(now, new Kind(hour(now), who, counted, subject, "", tried, missing), Set.of());
  }

  /** Writes all that was not written yet; what cannot be written stays. Never throws. */
  public void write() {
    List<AccessCount> due;
    synchronized (this) {
      due = take();
    }
    write(due);
  }

  private void count(Instant now, Kind kind, Collection<String> columns) {
    List<AccessCount> due;
    synchronized (this) {
      boolean another = kind.hour().isAfter(hour);
      AccessCount before = seen.get(kind);
      if (before == null && seen.size() >= MOST_KINDS) {
        // Only while nothing can be written for long: what was seen first is worth more.
        return;
      }
      AccessCount after = before == null ? new AccessCount(kind) : before;
      after.add(now, columns);
      seen.put(kind, after);
      if ((before != null && !another) || now.isBefore(notBefore)) {
        return;
      }
      hour = another ? kind.hour() : hour;
      due = take();
    }
    write(due);
  }

  /** What is not written, which counts as written from here on; hours that passed are forgotten. */
  private List<AccessCount> take() {
    List<AccessCount> due = new ArrayList<>();
    seen.values().forEach(each -> each.take().ifPresent(due::add));
    due.sort(AccessCount.OLDEST_FIRST);
    seen.keySet().removeIf(kind -> kind.hour().isBefore(hour));
    return due;
  }

  private void write(List<AccessCount> due) {
    Map<String, List<AccessCount>> byPartition = new TreeMap<>();
    for (AccessCount each : due) {
      try {
        byPartition
            .computeIfAbsent(partition(each.kind().who()), absent -> new ArrayList<>())
            .add(each);
      } catch (RuntimeException e) {
        giveBack(List.of(each), e);
      }
    }
    for (Map.Entry<String, List<AccessCount>> log : byPartition.entrySet()) {
      List<AccessCount> lines = log.getValue();
      for (int from = 0; from < lines.size(); from += MOST_LINES) {
        List<AccessCount> some = lines.subList(from, Math.min(lines.size(), from + MOST_LINES));
        try {
          ledger.commit(new Counted(log.getKey(), some), runtime.startDeadline(LIMIT));
        } catch (RuntimeException e) {
          giveBack(some, e);
        }
      }
    }
  }

  private void giveBack(List<AccessCount> lines, RuntimeException because) {
    LOG.warn("{} counts of reads and denials were not written and stay for later", lines.size());
    LOG.debug("Counts were not written", because);
    synchronized (this) {
      notBefore = now().plus(PAUSE);
      for (AccessCount line : lines) {
        seen.computeIfAbsent(line.kind(), AccessCount::new).add(line);
      }
    }
  }

  private String partition(Principal who) {
    String known = partitions.get(who.account());
    if (known != null) {
      return known;
    }
    Optional<String> found =
        catalog.findAccount(who.account()).map(account -> RegistryKeys.reads(account.domain()));
    found.ifPresent(partition -> partitions.put(who.account(), partition));
    return found.orElseGet(() -> RegistryKeys.reads(RegistryKeys.MESH));
  }

  private static Instant hour(Instant time) {
    return time.truncatedTo(ChronoUnit.HOURS);
  }

  private Instant now() {
    return runtime.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** One entry with counts. */
  private record Counted(String partition, List<AccessCount> lines)
      implements Ledger.Change<Boolean> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.WRITE, "down who read");
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      lines.forEach(line -> array.add(line.toJson()));
      return CommitDraft.<Boolean>of(EVENT, SELF, partition).detail("lines", array).result(true);
    }
  }
}
