package io.meshwork.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.avro.generic.GenericRecord;

/**
 * The content of a mesh: all documents, rows and quarantined rows, without IDs, hashes, times, and
 * its root, so that two equal runs have the same content.
 *
 * @param lines one line for each document and row, sorted: the keys of some documents are hashes of
 *     generated IDs, so their order differs between equal runs
 */
record MeshStory(List<String> lines) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");

  /** Publishes at the same time are one update, so how many there are depends on clocks. */
  private static final Pattern UPDATES =
      Pattern.compile("\"updates\":\\[\"<time>\"(,\"<time>\")*]");

  private static final Pattern DAYS_OF_USE = Pattern.compile("\"days\":\\[[^]]*]");
  private static final Pattern DAY = Pattern.compile("\"\\d{4}-\\d\\d-\\d\\d\"");
  private static final Pattern ROW = Pattern.compile("[^ ]+ (bad )?row ");
  private static final Pattern FORMER_POSITIONS = Pattern.compile(",\"former\":\\[[^]]*]");

  /** The sequence of a log entry, which depends on what was repeated. */
  private static final Pattern UNTIL = Pattern.compile("\"until\":\\d+");

  private static final Pattern LONG_NUMBER = Pattern.compile("\\b\\d{13,19}\\b");

  /** Reads the rows of a mesh, and the documents of its registry. */
  static MeshStory of(Mesh mesh, Registry registry) {
    List<String> lines = new ArrayList<>();
    Map<String, String> accounts = new TreeMap<>();
    List<Document> documents = documents(registry);
    String root = '"' + root(documents);
    for (Document document : documents) {
      String sort = document.key().sort();
      // Which processes wrote files differs with the processes that end.
      if (!sort.startsWith(Registry.ATTEMPT_PREFIX)
          && !sort.startsWith("writers/")
          && !sort.equals("lost-commits")) {
        lines.add(plain(document.key() + " " + document.json().replace(root, "\"<root>")));
      }
      if (sort.startsWith("account/")) {
        accounts.put(field(document, "domain"), sort.substring("account/".length()));
      }
    }
    for (ProductName product : mesh.clientAs(Principal.of("crash-harness", "reader")).products()) {
      String account = accounts.getOrDefault(product.domain(), product.domain());
      MeshClient owner = mesh.clientAs(Principal.of(account, "etl"));
      lines.addAll(rows(product + " row ", owner.read(product)));
      lines.addAll(rows(product + " bad row ", owner.quarantine(product)));
    }
    lines.sort(null);
    return new MeshStory(List.copyOf(lines));
  }

  /** Returns the location of all files. */
  private static String root(List<Document> documents) {
    return documents.stream()
        .filter(document -> document.key().partition().equals("_mesh"))
        .filter(document -> document.key().sort().equals("root"))
        .map(document -> field(document, "root"))
        .findFirst()
        .orElse("");
  }

  /** Returns all documents of a registry, except read counts. */
  static List<Document> documents(Registry registry) {
    List<Document> documents = new ArrayList<>(partition(registry, "_mesh"));
    for (Document domain : List.copyOf(documents)) {
      if (domain.key().sort().startsWith("domain/")) {
        String name = domain.key().sort().substring("domain/".length());
        List<Document> ofDomain = partition(registry, name);
        documents.addAll(ofDomain);
        documents.addAll(byExecutors(registry, name, ofDomain));
        for (Document product : ofDomain) {
          if (product.key().sort().startsWith("product/")) {
            documents.addAll(
                partition(
                    registry, name + "/" + product.key().sort().substring("product/".length())));
          }
        }
      }
    }
    return documents;
  }

  /** Returns the documents of a domain's executors, and of executors that they authorized. */
  private static List<Document> byExecutors(
      Registry registry, String domain, List<Document> ofDomain) {
    Map<String, List<Document>> partitions = new LinkedHashMap<>();
    Deque<Document> remaining = new ArrayDeque<>(ofDomain);
    while (!remaining.isEmpty()) {
      String sort = remaining.remove().key().sort();
      if (sort.startsWith("executor/")) {
        String partition = domain + "/@by/" + sort.substring("executor/".length());
        if (!partitions.containsKey(partition)) {
          partitions.put(partition, partition(registry, partition));
          remaining.addAll(partitions.getOrDefault(partition, List.of()));
        }
      }
    }
    return partitions.values().stream().flatMap(List::stream).toList();
  }

  /** Returns the documents of read counts. */
  static List<Document> reads(Registry registry, List<Document> documents) {
    List<Document> readDocuments = new ArrayList<>(partition(registry, "_mesh/@reads"));
    for (Document document : documents) {
      if (document.key().sort().startsWith("domain/")) {
        String name = document.key().sort().substring("domain/".length());
        readDocuments.addAll(partition(registry, name + "/@reads"));
      }
    }
    return readDocuments;
  }

  private static List<Document> partition(Registry registry, String partition) {
    List<Document> documents = new ArrayList<>();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, "", cursor);
      documents.addAll(page.documents());
      cursor = page.nextCursor();
    } while (cursor != null);
    return documents;
  }

  /** Returns a field of each object in an array of a document; empty if it has no such array. */
  static List<String> fields(Document document, String array, String name) {
    try {
      List<String> values = new ArrayList<>();
      JSON.readTree(document.json())
          .path(array)
          .forEach(object -> values.add(object.path(name).asText()));
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String field(Document document, String name) {
    try {
      return JSON.readTree(document.json()).path(name).asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> rows(String prefix, Read<GenericRecord> read) {
    List<String> lines = new ArrayList<>();
    try (Rows<GenericRecord> rows = read.rows()) {
      rows.forEach(row -> lines.add(plain(prefix + row)));
    }
    lines.sort(null);
    return lines;
  }

  private static String plain(String text) {
    String plain = HASH.matcher(text).replaceAll("<hash>");
    plain = ID.matcher(plain).replaceAll("<id>");
    plain = TIME.matcher(plain).replaceAll("<time>");
    plain = UPDATES.matcher(plain).replaceAll("\"updates\":[\"<time>\"]");
    plain = DAYS_OF_USE.matcher(plain).replaceAll("\"days\":\"<days>\"");
    plain = DAY.matcher(plain).replaceAll("\"<day>\"");
    plain = UNTIL.matcher(plain).replaceAll("\"until\":\"<sequence>\"");
    return LONG_NUMBER.matcher(plain).replaceAll("<number>");
  }

  /** Returns the content without former positions of subscriptions. */
  MeshStory withoutFormerPositions() {
    return new MeshStory(
        lines.stream().map(line -> FORMER_POSITIONS.matcher(line).replaceAll("")).toList());
  }

  /** Returns only the rows and quarantined rows. */
  List<String> rows() {
    return lines.stream().filter(line -> ROW.matcher(line).lookingAt()).toList();
  }

  /**
   * Returns the first differing lines; empty if the contents are equal.
   *
   * @param except prefixes of sort keys of documents to ignore
   */
  List<String> difference(MeshStory other, List<String> except) {
    List<String> added = without(except);
    List<String> removed = other.without(except);
    List<String> common = List.copyOf(added);
    removed.forEach(added::remove);
    common.forEach(removed::remove);
    List<String> lines = new ArrayList<>();
    added.stream().limit(8).forEach(line -> lines.add("\n  + " + line));
    removed.stream().limit(8).forEach(line -> lines.add("\n  - " + line));
    return lines;
  }

  private List<String> without(List<String> prefixes) {
    List<String> rest = new ArrayList<>(lines);
    for (String prefix : prefixes) {
      Pattern sort = Pattern.compile("[^ ]+ · " + Pattern.quote(prefix));
      rest.removeIf(line -> sort.matcher(line).lookingAt());
    }
    return rest;
  }
}
