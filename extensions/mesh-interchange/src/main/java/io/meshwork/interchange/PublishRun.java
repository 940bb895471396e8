package io.meshwork.interchange;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductCard;
import io.meshwork.event.MeshEvent;
import io.meshwork.product.ProductName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One commit of rows as a run of OpenLineage: a line when it started, and one when it completed.
 * Immutable.
 */
final class PublishRun {
  /** The suffix of the job for each kind of commit that changes rows. */
  private static final Map<MeshEvent.Type, String> JOBS =
      Map.of(
          MeshEvent.Type.PRODUCT_PUBLISHED, "publish",
          MeshEvent.Type.PRODUCT_ROLLED_BACK, "roll-back",
          MeshEvent.Type.PRODUCT_BACK_FILLED, "back-fill",
          MeshEvent.Type.PRODUCT_ENGINE_COMMIT, "engine-commit");

  private static final String MODE = "mode";

  private final MeshEvent event;
  private final List<CommittedRows> majors;
  private final ProductCard card;
  private final ReceiptSizes sizes;
  private final String namespace;
  private final LineageFacets facets;

  private PublishRun(MeshEvent event, ProductCard card, ReceiptSizes sizes, String namespace) {
    this.event = event;
    this.majors = CommittedRows.of(event);
    this.card = card;
    this.sizes = sizes;
    this.namespace = namespace;
    this.facets = new LineageFacets(namespace);
  }

  /**
   * Returns true if an event is a run: it changed rows that readers see, or stated completeness.
   */
  static boolean isRun(MeshEvent event) {
    return JOBS.containsKey(event.type()) && event.details().containsKey(MODE);
  }

  /**
   * Returns the lines of an event that {@link #isRun}, in order.
   *
   * @param card the product as it is now; a schema is taken from it if it has not changed since
   */
  static List<String> lines(
      MeshEvent event, ProductCard card, ReceiptSizes sizes, String namespace) {
    PublishRun run = new PublishRun(event, card, sizes, namespace);
    return List.of(run.started().toString(), run.completed().toString());
  }

  /** Returns the ID of the publish that committed the rows. */
  static String publishId(MeshEvent event) {
    return String.valueOf(event.details().get("publishId"));
  }

  private ObjectNode started() {
    ObjectNode line = line("START", startTime());
    for (CommittedRows.Input input : inputs()) {
      line.withArray("inputs").add(dataset(input));
    }
    for (CommittedRows major : majors) {
      line.withArray("outputs").add(facets.dataset(card.name(), major.major()));
    }
    return line;
  }

  private ObjectNode completed() {
    ObjectNode line = line("COMPLETE", event.at());
    for (CommittedRows.Input input : inputs()) {
      ObjectNode dataset = dataset(input);
      dataset.putObject("facets").set("version", facets.version(input.snapshotId()));
      line.withArray("inputs").add(dataset);
    }
    ArrayNode outputs = line.withArray("outputs");
    for (CommittedRows major : majors) {
      outputs.add(output(major));
    }
    return line;
  }

  private ObjectNode output(CommittedRows major) {
    ProductName product = card.name();
    ObjectNode output = facets.dataset(product, major.major());
    ObjectNode all = output.putObject("facets");
    card.versions().stream()
        .filter(version -> version.version().equals(major.contract()))
        .findFirst()
        .ifPresent(version -> all.set("schema", facets.schema(version.contract())));
    major.snapshotId().ifPresent(snapshot -> all.set("version", facets.version(snapshot)));
    ObjectNode columns = facets.columnLineage(major.inputs());
    if (!columns.isEmpty()) {
      all.set("columnLineage", columns);
    }
    all.set("ownership", facets.ownership(card.owner()));
    if (!card.description().isBlank()) {
      all.set("documentation", facets.documentation(card.description()));
    }
    all.set("meshwork_contract", facets.contract(product, major));
    output
        .putObject("outputFacets")
        .set(
            "outputStatistics",
            facets.outputStatistics(major, sizes.bytes(publishId(event), major.major())));
    return output;
  }

  private ObjectNode line(String type, Instant time) {
    ObjectNode line =
        LineageFacets.object()
            .put("eventType", type)
            .put("eventTime", time.truncatedTo(ChronoUnit.MILLIS).toString())
            .put("producer", LineageFacets.PRODUCER)
            .put("schemaURL", LineageFacets.RUN_EVENT);
    line.putObject("run").put("runId", runId().toString());
    ObjectNode job = line.putObject("job").put("namespace", namespace).put("name", jobName());
    job.putObject("facets").set("jobType", facets.jobType(jobType().toUpperCase(Locale.ROOT)));
    line.putArray("inputs");
    line.putArray("outputs");
    return line;
  }

  private String jobName() {
    return card.name().domain() + "." + card.name().product() + "." + jobType();
  }

  private String jobType() {
    return "erase".equals(event.details().get(MODE))
        ? "erase"
        : Objects.requireNonNull(JOBS.get(event.type()));
  }

  private ObjectNode dataset(CommittedRows.Input input) {
    return facets.dataset(input.product(), input.contract().major());
  }

  /** Returns the inputs of all major versions, each once. */
  private List<CommittedRows.Input> inputs() {
    return majors.stream()
        .flatMap(major -> major.inputs().stream())
        .map(
            input ->
                new CommittedRows.Input(
                    input.product(), input.contract(), input.snapshotId(), List.of()))
        .distinct()
        .toList();
  }

  /** Returns the ID of the publish; a UUID of the event's ID if an engine used another form. */
  private UUID runId() {
    return publishId()
        .orElseGet(() -> UUID.nameUUIDFromBytes(event.id().getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns the time in the ID of the publish, a UUIDv7, at most the commit's. */
  private Instant startTime() {
    return publishId()
        .filter(id -> id.version() == 7)
        .map(id -> Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16))
        .filter(start -> start.isBefore(event.at()))
        .orElse(event.at());
  }

  private Optional<UUID> publishId() {
    try {
      return Optional.of(UUID.fromString(publishId(event)));
    } catch (IllegalArgumentException notUuid) {
      return Optional.empty();
    }
  }
}
