package io.meshwork.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Checks the invariants of a mesh from outside: in the registry, in the files, and with the doctor.
 */
final class MeshInvariants {
  /** Who a process is if no store authenticates it. */
  private static final Principal ANONYMOUS = Principal.of("anonymous", "reader");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A file beside each table that no table references. */
  private static final Pattern LAST_UPDATED =
      Pattern.compile("/_metadata/(?:last_updated\\.json$|\\.last_updated\\.json\\.)");

  private static final Set<String> PUBLISHES = Set.of("product.published", "product.rolled-back");

  private static final String TRIMMED = "receipts.trimmed";

  /** The UUID version of an attempt without a log entry, such as of a reader's position. */
  private static final int UNLOGGED = 8;

  /** The doctor's findings if the clocks of hosts differ. */
  static final Set<FindingCode> CLOCKS_DIFFER =
      Set.of(FindingCode.LOG_AHEAD, FindingCode.CLOCK_WRONG);

  private final OpenedMesh place;
  private final Set<FindingCode> expected;
  private final List<String> broken = new ArrayList<>();
  private final Set<String> leftovers = new TreeSet<>();

  private MeshInvariants(OpenedMesh place, Set<FindingCode> expected) {
    this.place = place;
    this.expected = expected;
  }

  /** Checks a mesh that is not changed concurrently. */
  static MeshInvariants of(OpenedMesh place) {
    return of(place, Set.of());
  }

  /** Checks a mesh for which the doctor may have findings with these codes. */
  static MeshInvariants of(OpenedMesh place, Set<FindingCode> expected) {
    MeshInvariants invariants = new MeshInvariants(place, expected);
    List<Document> documents = MeshStory.documents(place.registry());
    ReachableFiles reachable = ReachableFiles.walk(documents, place.files());
    invariants.broken.addAll(reachable.problems());
    invariants.checkAttempts(documents);
    invariants.checkRows(documents, reachable);
    invariants.collectLeftovers(documents, reachable.locations());
    invariants.checkWithDoctor();
    return invariants;
  }

  /** Returns the unreferenced files, without using the mesh or its doctor. */
  static Set<String> leftIn(OpenedMesh place) {
    MeshInvariants invariants = new MeshInvariants(place, Set.of());
    List<Document> documents = MeshStory.documents(place.registry());
    invariants.collectLeftovers(documents, ReachableFiles.from(documents, place.files()));
    return invariants.left();
  }

  /** Returns true if a file last_updated.json names no commit: a crash prevented or cut it. */
  static boolean mayLackCommits(OpenedMesh place) {
    return MeshStory.documents(place.registry()).stream()
        .filter(document -> document.key().sort().startsWith("table/"))
        .filter(document -> !document.key().sort().endsWith("_quarantine"))
        .map(document -> MeshStory.field(document, "metadataLocation"))
        .map(location -> location.substring(0, location.lastIndexOf("/metadata/")))
        .anyMatch(folder -> !namesCommit(place.files(), folder + "/_metadata/last_updated.json"));
  }

  private static boolean namesCommit(FileIO files, String location) {
    try (InputStream in = files.newInputFile(location).newStream()) {
      return JSON.readTree(in).has("attempt_id");
    } catch (NotFoundException | IOException e) {
      return false;
    }
  }

  /** Returns the violated invariants. */
  List<String> broken() {
    return broken;
  }

  /** Returns the unreferenced files, if the store can list. */
  Set<String> left() {
    return leftovers;
  }

  /**
   * Checks that committed attempts, receipts and log entries match; rows of attempts may be deleted
   * after their retention, and receipts if the log records it.
   */
  private void checkAttempts(List<Document> documents) {
    Set<String> committed = new TreeSet<>();
    Set<String> logged = new TreeSet<>();
    Map<String, Integer> publishes = new TreeMap<>();
    Map<String, Integer> receipts = new TreeMap<>();
    for (Document document : documents) {
      String sort = document.key().sort();
      String partition = document.key().partition();
      if (sort.startsWith(Registry.ATTEMPT_PREFIX)) {
        String attempt = sort.substring(Registry.ATTEMPT_PREFIX.length());
        if (document.json().equals(Registry.ATTEMPT_COMMITTED)
            && UUID.fromString(attempt).version() != UNLOGGED) {
          committed.add(attempt);
        }
      } else if (sort.startsWith("log/")) {
        logged.add(MeshStory.field(document, "attempt"));
        if (PUBLISHES.contains(MeshStory.field(document, "event"))) {
          publishes.merge(partition, 1, Integer::sum);
        } else if (MeshStory.field(document, "event").equals(TRIMMED)) {
          receipts.merge(
              partition, parsed(document).path("details").path("count").asInt(), Integer::sum);
        }
      } else if (sort.startsWith("key/")) {
        receipts.merge(partition, 1, Integer::sum);
      }
    }
    logged.removeIf(attempt -> !committed.contains(attempt) && isPastRetention(attempt));
    if (!committed.equals(logged)) {
      broken.add("attempts " + committed + " were committed, but the logs have " + logged);
    }
    if (!publishes.equals(receipts)) {
      broken.add("the logs have publishes " + publishes + ", but there are receipts " + receipts);
    }
  }

  private boolean isPastRetention(String attempt) {
    Instant until = place.time().instant().minus(Transaction.ATTEMPTS_STAY);
    return IdGenerator.time(attempt).filter(time -> !time.isAfter(until)).isPresent();
  }

  /**
   * Checks that the rows of each product's tables are the sum of its log entries and, unless some
   * were deleted, of its receipts. Major versions whose data was deleted do not count.
   */
  private void checkRows(List<Document> documents, ReachableFiles reachable) {
    Map<String, Long> byReceipts = new TreeMap<>();
    Map<String, Long> byLogs = new TreeMap<>();
    Set<String> trimmed = new TreeSet<>();
    Map<String, Long> inTables = new TreeMap<>();
    Set<String> purged = purgedMajors(documents);
    for (Document document : documents) {
      String partition = document.key().partition();
      JsonNode json = parsed(document);
      if (document.key().sort().startsWith("key/")) {
        List<JsonNode> parts = new ArrayList<>(List.of(json));
        PackedPart.read(json, MovedTables.ALSO).forEach(parts::add);
        parts.removeIf(part -> purged.contains(major(partition, part.path("major").asInt())));
        parts.forEach(part -> byReceipts.merge(partition, rowsAdded(part), Long::sum));
      } else if (PUBLISHES.contains(json.path("event").asText())) {
        byLogs.merge(partition, rowsLogged(partition, json, purged), Long::sum);
      } else if (json.path("event").asText().equals(MeshEvent.Type.PRODUCT_BACK_FILLED.text())) {
        long copied = rowsLogged(partition, json, purged);
        byLogs.merge(partition, copied, Long::sum);
        byReceipts.merge(partition, copied, Long::sum); // a back-fill has no receipt
      } else if (json.path("event").asText().equals(TRIMMED)) {
        trimmed.add(partition);
      } else if (document.key().sort().startsWith("table/")
          && !document.key().sort().endsWith("_quarantine")) {
        inTables.merge(
            partition, reachable.rows(json.path("metadataLocation").asText()), Long::sum);
      }
    }
    for (Map.Entry<String, Long> table : inTables.entrySet()) {
      long receipts = byReceipts.getOrDefault(table.getKey(), 0L);
      long logged = byLogs.getOrDefault(table.getKey(), 0L);
      boolean receiptsMatch = trimmed.contains(table.getKey()) || receipts == table.getValue();
      if (!receiptsMatch || logged != table.getValue()) {
        broken.add(
            String.format(
                Locale.ROOT,
                "%s has %d rows, its receipts %d, its log %d",
                table.getKey(),
                table.getValue(),
                receipts,
                logged));
      }
    }
  }

  private static Set<String> purgedMajors(List<Document> documents) {
    Set<String> purged = new TreeSet<>();
    for (Document document : documents) {
      if (document.key().sort().startsWith("major/")
          && MeshStory.field(document, "state").equals("PURGED")) {
        purged.add(document.key().partition() + " " + document.key().sort());
      }
    }
    return purged;
  }

  private static String major(String partition, int number) {
    return partition + " major/" + number;
  }

  private static long rowsLogged(String partition, JsonNode entry, Set<String> purged) {
    return MovedTables.of(entry.path("details")).stream()
        .filter(table -> !purged.contains(major(partition, table.major())))
        .mapToLong(MovedTables.MovedTable::rowsAdded)
        .sum();
  }

  private static long rowsAdded(JsonNode receipt) {
    JsonNode rows = receipt.path("rows");
    return receipt.path("quality").path("rowsAccepted").asLong()
        + rows.path("restored").asLong()
        - rows.path("removed").asLong();
  }

  private void collectLeftovers(List<Document> documents, Set<String> reachable) {
    if (!(place.files() instanceof SupportsPrefixOperations listing)) {
      return;
    }
    List<Document> archived = new ArrayList<>(documents);
    archived.addAll(MeshStory.reads(place.registry(), documents));
    for (String root : roots(documents)) {
      for (FileInfo file : listing.listPrefix(root + "/data")) {
        if (!reachable.contains(file.location()) && !LAST_UPDATED.matcher(file.location()).find()) {
          leftovers.add(file.location());
        }
      }
      for (FileInfo file : listing.listPrefix(root + "/archive")) {
        if (!ReachableFiles.isArchive(archived, file.location())) {
          leftovers.add(file.location());
        }
      }
    }
  }

  /** Returns the root of the mesh, and the roots of the places of domains' data. */
  private static Set<String> roots(List<Document> documents) {
    Set<String> roots = new TreeSet<>();
    for (Document document : documents) {
      if (document.key().partition().equals("_mesh") && document.key().sort().equals("root")) {
        roots.add(MeshStory.field(document, "root"));
      } else if (document.key().sort().startsWith("domain/")) {
        roots.addAll(MeshStory.fields(document, "places", "root"));
      }
    }
    return roots;
  }

  /**
   * Checks that the doctor finds no problems and all unreferenced files. A failed notifier is not a
   * problem, because it is called again. Metadata that a mirror may name is not reported.
   */
  private void checkWithDoctor() {
    long count = 0;
    for (Finding finding : place.mesh().doctor().findings()) {
      if (finding.code() == FindingCode.LEFTOVER_FILES
          || (finding.code() == FindingCode.UNKNOWN_FILES && expected.contains(finding.code()))) {
        count += finding.count();
      } else if (finding.code() != FindingCode.NOTICE_FAILING
          && !expected.contains(finding.code())) {
        broken.add("the doctor found " + finding);
      }
    }
    Set<String> reported = new TreeSet<>(leftovers);
    if (canHaveMirrors()) {
      reported.removeIf(file -> file.endsWith(".metadata.json"));
    }
    if (count != reported.size()) {
      broken.add("the doctor found " + count + " unreferenced files, but there are " + reported);
    }
  }

  /** Commits of a mesh that authenticates principals leave old metadata files to maintenance. */
  private boolean canHaveMirrors() {
    return !place.mesh().client().principal().equals(ANONYMOUS);
  }

  private static JsonNode parsed(Document document) {
    try {
      return JSON.readTree(document.json());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
