package io.meshwork.interchange;

import io.meshwork.MeshClient;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Writes the state of all products as metrics in the text format of Prometheus: for an answer to
 * {@code /metrics}, or for a file that the textfile collector of the node exporter reads.
 *
 * <p>Contains what the caller may know, as {@code MeshClient.health()} returns it: the freshness of
 * every product; the quality score, rows, and bytes of products whose rows the caller may all read.
 * Immutable and thread-safe.
 */
public final class PrometheusExport {
  /** The content type of {@link #asText}, for an answer over HTTP. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final MeshClient client;

  private PrometheusExport(MeshClient client) {
    this.client = client;
  }

  /**
   * Starts an export.
   *
   * @param client whose rights decide what is visible; not null
   */
  public static PrometheusExport of(MeshClient client) {
    return new PrometheusExport(client);
  }

  /**
   * Returns the metrics as they are now, by name of the metric and product. Each product has the
   * labels {@code product}, {@code domain}, and {@code major}, its current major version:
   *
   * <ul>
   *   <li>{@code meshwork_product_freshness_minutes}: the age of the rows; absent before the first
   *       publish
   *   <li>{@code meshwork_product_fresh}: 1 if the promise of freshness is kept, otherwise 0;
   *       absent without a promise
   *   <li>{@code meshwork_product_quality_score}: of the newest publish, its accepted rows in
   *       percent of the offered ones
   *   <li>{@code meshwork_product_rows_waiting}: rows that wait in the quarantine
   *   <li>{@code meshwork_product_rows} and {@code meshwork_product_bytes}: of the newest snapshot
   *   <li>{@code meshwork_catalog_unreachable}: 1 for each catalog that could not be read, so that
   *       its products are missing; label {@code catalog}
   * </ul>
   *
   * @throws io.meshwork.error.BackendException if the mesh cannot be read
   */
  public String asText() {
    MeshHealth health = client.health();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(text, HealthMetrics.of(health));
    } catch (IOException e) {
      throw new UncheckedIOException("Memory cannot be written", e);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  /**
   * Replaces a file with {@link #asText}. A reader sees the old or the new content as a whole; if
   * this fails, the old file stays. Links are followed; a pipe or a device is written to.
   *
   * @param file such as {@code /var/lib/node_exporter/textfile_collector/meshwork.prom}; its folder
   *     exists
   * @throws io.meshwork.error.BackendException with {@code STORAGE_UNWRITABLE} if the file cannot
   *     be written, or as {@link #asText}
   */
  public void writeTo(Path file) {
    String text = asText();
    try {
      write(file.toAbsolutePath(), text);
    } catch (IOException e) {
      throw Failure.of(MeshAction.of(Verb.WRITE, "metrics to " + file.toAbsolutePath()))
          .because("the file cannot be written: " + e.getClass().getSimpleName())
          .state("The file is as it was before.")
          .fix("Check that its folder exists and is writable.")
          .cause(e)
          .lasting(ErrorCode.STORAGE_UNWRITABLE);
    }
  }

  private static void write(Path path, String text) throws IOException {
    boolean isNew = !Files.exists(path) && !Files.isSymbolicLink(path);
    boolean isDevice = path.startsWith("/dev") || path.startsWith("/proc");
    if (isDevice || (!isNew && !Files.isRegularFile(path))) {
      Files.writeString(path, text);
      return;
    }
    Path file = isNew ? path : path.toRealPath();
    // The suffix is not .prom, so that the collector does not read an unfinished file. Each process
    // has a part to itself.
    Path part = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
