package io.meshwork.interchange;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.discovery.Search;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.product.ProductName;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Emits the logs of products as lines of OpenLineage 2-0-2: for each publish, roll-back, back-fill,
 * and commit of an engine, a run with the ID of the publish that starts and completes. Read a batch
 * with {@link #read}, or send all to a receiver such as Marquez with {@link #post}. Lines contain
 * names, counts, and declared inputs, and no field values, filters, or reasons.
 *
 * <p>The client's rights apply: the log of a product is read by principals that act for its domain.
 * Nothing is written to the mesh; the caller stores the cursor. Immutable: each setting returns a
 * new export. Thread-safe.
 */
public final class OpenLineageExport {
  /** How many events of logs a batch has by default at most. */
  public static final int DEFAULT_LIMIT = 100;

  private static final int PAGE_SIZE = 1_000;

  private final MeshClient client;
  private final String namespace;
  private final List<String> sources;
  private final LogCursor cursor;
  private final int atMost;
  private final LineageReceiver receiver;

  /** The sizes of the last product, so that its next batch does not read all receipts again. */
  private final AtomicReference<@Nullable ReceiptSizes> lastSizes;

  private OpenLineageExport(
      MeshClient client,
      String namespace,
      List<String> sources,
      LogCursor cursor,
      int atMost,
      LineageReceiver receiver,
      AtomicReference<@Nullable ReceiptSizes> lastSizes) {
    this.client = client;
    this.namespace = namespace;
    this.sources = sources;
    this.cursor = cursor;
    this.atMost = atMost;
    this.receiver = receiver;
    this.lastSizes = lastSizes;
  }

  /**
   * Starts an export.
   *
   * @param client acts for the domains of the products; not null
   * @param namespace the namespace of jobs and datasets, a URI that names the mesh to all its
   *     readers, such as {@code meshwork://shop}
   * @param productsOrDomains products, or domains whose products are all exported, including
   *     products defined later; at least one
   * @throws InvalidRequestException if the namespace is not a URI with a scheme, or nothing is
   *     named
   */
  public static OpenLineageExport of(
      MeshClient client, String namespace, CharSequence... productsOrDomains) {
    if (!LineageReceiver.isAbsolute(namespace)) {
      throw invalid("'namespace' is not a URI with a scheme", "Use one such as meshwork://shop.");
    }
    if (productsOrDomains.length == 0) {
      throw invalid("no product or domain is named", "Name the domain that the caller acts for.");
    }
    return new OpenLineageExport(
        client,
        namespace,
        Arrays.stream(productsOrDomains).map(CharSequence::toString).toList(),
        LogCursor.START,
        DEFAULT_LIMIT,
        LineageReceiver.STANDARD,
        new AtomicReference<>());
  }

  /**
   * Continues after a cursor. Default: the beginning of all logs.
   *
   * @param cursor as {@link Batch#cursor} or {@link #post} returned it, or empty
   * @throws InvalidRequestException if it is not a cursor
   */
  public OpenLineageExport after(String cursor) {
    return new OpenLineageExport(
        client, namespace, sources, LogCursor.of(cursor), atMost, receiver, lastSizes);
  }

  /**
   * Sets how many events of logs a batch has at most; events that are not runs count too. Default:
   * {@link #DEFAULT_LIMIT}.
   *
   * @param events at least 1
   */
  public OpenLineageExport limit(int events) {
    if (events < 1) {
      throw invalid("'limit' is " + events, "Use at least 1.");
    }
    return new OpenLineageExport(client, namespace, sources, cursor, events, receiver, lastSizes);
  }

  /**
   * Sets how long {@link #post} waits for each answer. Default: 10 seconds.
   *
   * @param duration positive
   */
  public OpenLineageExport timeout(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw invalid("'timeout' is " + duration, "Use a positive duration.");
    }
    return with(receiver.timeout(duration));
  }

  /**
   * Sets how often {@link #post} sends a line at most, while the receiver cannot be reached or
   * answers 408, 425, 429, or 5xx. It waits 0.5 seconds before the second time, and twice as long
   * before each further one, at most 30 seconds. Default: 5.
   *
   * @param times at least 1
   */
  public OpenLineageExport attempts(int times) {
    if (times < 1) {
      throw invalid("'attempts' is " + times, "Use at least 1.");
    }
    return with(receiver.attempts(times));
  }

  /**
   * Sets the key that {@link #post} sends as {@code Authorization: Bearer}. Default: none. No
   * message contains it.
   *
   * @param key not blank
   */
  public OpenLineageExport apiKey(String key) {
    if (key.isBlank() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw invalid("'apiKey' is blank, or has a character other than ASCII", "Use the key alone.");
    }
    return with(receiver.apiKey(key));
  }

  /** Sets how to wait, for tests. */
  OpenLineageExport waiting(Consumer<Duration> pause) {
    return with(receiver.waiting(pause));
  }

  private OpenLineageExport with(LineageReceiver changed) {
    return new OpenLineageExport(client, namespace, sources, cursor, atMost, changed, lastSizes);
  }

  /**
   * Reads the next events of the logs, oldest first for each product. A batch can have no lines and
   * still another cursor: of events that are not runs.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for a domain
   * @throws io.meshwork.error.NotFoundException if a product or domain does not exist
   * @throws io.meshwork.error.BackendException if the mesh cannot be read
   */
  public Batch read() {
    List<String> lines = new ArrayList<>();
    LogCursor reached = cursor;
    int remaining = atMost;
    for (ProductName product : products()) {
      if (remaining == 0) {
        break;
      }
      List<MeshEvent> events =
          client.events(product).after(reached.after(product)).limit(remaining).list();
      remaining -= events.size();
      if (!events.isEmpty()) {
        lines.addAll(lines(product, events));
        reached = reached.with(product, events.get(events.size() - 1).sequence());
      }
    }
    return new Batch(lines, reached.toString(), atMost - remaining);
  }

  private List<String> lines(ProductName product, List<MeshEvent> events) {
    List<MeshEvent> runs = events.stream().filter(PublishRun::isRun).toList();
    if (runs.isEmpty()) {
      return List.of();
    }
    ProductCard card = client.describe(product);
    ReceiptSizes sizes = sizes(product, runs.get(runs.size() - 1));
    return runs.stream()
        .flatMap(run -> PublishRun.lines(run, card, sizes, namespace).stream())
        .toList();
  }

  private ReceiptSizes sizes(ProductName product, MeshEvent newest) {
    ReceiptSizes cached = lastSizes.get();
    if (cached == null || !cached.reach(product, PublishRun.publishId(newest))) {
      cached = ReceiptSizes.of(client, product);
      lastSizes.set(cached);
    }
    return cached;
  }

  private SortedSet<ProductName> products() {
    SortedSet<ProductName> products =
        new TreeSet<>((one, other) -> one.toString().compareTo(other.toString()));
    for (String source : sources) {
      if (source.indexOf('/') >= 0) {
        products.add(ProductName.of(source));
      } else {
        // Fails if there is no such domain, so that a wrong name does not export nothing for ever.
        client.governance().tags(source);
        products.addAll(productsOf(source));
      }
    }
    return products;
  }

  /** Returns the products of a domain, also while the catalog of another one is unavailable. */
  private List<ProductName> productsOf(String domain) {
    List<ProductName> products = new ArrayList<>();
    Search.Result result;
    do {
      result = client.search("").domain(domain).offset(products.size()).limit(PAGE_SIZE).results();
      result.hits().forEach(hit -> products.add(hit.product()));
    } while (!result.hits().isEmpty() && products.size() < result.total());
    return products;
  }

  /**
   * Sends all lines to a receiver, one request each, until the logs have no more. At least once: if
   * this fails, or the process stops, continue with the last cursor that was stored; lines after it
   * are sent again. Receivers merge them, because a run has the same ID again.
   *
   * @param receiver the URL that takes events, such as {@code
   *     http://localhost:5000/api/v1/lineage}; redirects are not followed
   * @param onCursor receives the cursor of each batch after the receiver accepted all its lines;
   *     store it
   * @return the last cursor
   * @throws InvalidRequestException if the URL is not http or https
   * @throws io.meshwork.error.BackendException if the receiver rejects a line, or cannot be reached
   *     in all attempts; {@code retryable()} is true for the latter
   * @throws io.meshwork.error.MeshException as {@link #read}
   */
  public String post(URI receiver, Consumer<String> onCursor) {
    OpenLineageExport export = this;
    try (LineageReceiver.Connection connection = this.receiver.open(receiver)) {
      while (true) {
        Batch batch = export.read();
        if (batch.events() == 0) {
          return batch.cursor();
        }
        for (String line : batch.lines()) {
          connection.send(line);
        }
        onCursor.accept(batch.cursor());
        export = export.after(batch.cursor());
      }
    }
  }

  private static InvalidRequestException invalid(String reason, String fix) {
    return Failure.of(MeshAction.of(Verb.READ, "logs as OpenLineage"))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /**
   * Lines of OpenLineage, and how to go on. Immutable.
   *
   * @param lines JSON objects without line breaks; empty if the events are not runs
   * @param cursor what to pass to {@link OpenLineageExport#after} next time
   * @param events the number of events that were read; 0 if the logs have no more
   */
  public record Batch(List<String> lines, String cursor, int events) {
    public Batch {
      lines = List.copyOf(lines);
    }
  }
}
