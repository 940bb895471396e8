package io.meshwork.internal.publish;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ingest.FileColumnChanges;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.publish.run.FeedPosition;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.publish.run.PublishRun;
import io.meshwork.internal.publish.run.RowSource;
import io.meshwork.internal.quality.RuleContext.RuleCode;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.runtime.ThreadInterruption;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.staging.StagingOperations;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.publish.StagedPublish;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the options of one publish, and runs it. Not thread-safe.
 *
 * @param <T> the type of the given rows
 */
public final class ProductPublish<T> implements Publish.Files<T>, Publish.StoredRows<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Publish.class);

  private final ClientSession session;
  private final OpenOperation open;
  private final ProductName product;
  private final CommitGuard once;
  private @Nullable RowSource source;
  private final PublishOptions options = new PublishOptions();
  private final FileColumnChanges changes = new FileColumnChanges();

  ProductPublish(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    this.once = new CommitGuard(MeshAction.of(Verb.PUBLISH, product));
    this.open = session.operation(MeshAction.of(Verb.PUBLISH, product));
  }

  /** Begins a publish to a product. */
  public static Publish<GenericRecord> to(ClientSession session, @Nullable CharSequence product) {
    return new ProductPublish<>(
        session, ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.PUBLISH)));
  }

  @Override
  public <R> Publish<R> records(Iterable<? extends R> records) {
    ArgumentChecks.required("records", records);
    return from(RowSource.records(records::iterator, records, () -> {}));
  }

  @Override
  public <R> Publish<R> records(Iterator<? extends R> records) {
    ArgumentChecks.required("records", records);
    return from(RowSource.records(() -> records, records, () -> {}));
  }

  @Override
  public <R> Publish<R> records(Stream<? extends R> records) {
    ArgumentChecks.required("records", records);
    return from(RowSource.records(records::iterator, records, records::close));
  }

  @Override
  public Publish.Files<T> files(Path... files) {
    return from(RowSource.files(named(files), null, changes));
  }

  @Override
  public Publish.Files<T> files(FileFormat format, Path... files) {
    ArgumentChecks.required("format", format);
    return from(RowSource.files(named(files), format, changes));
  }

  @Override
  public Map<String, String> readAs() {
    return source == null ? Map.of() : source.readAs();
  }

  private static List<Path> named(Path... files) {
    List<Path> paths = ArgumentChecks.all("files", files);
    if (paths.isEmpty()) {
      throw ArgumentChecks.refused("files", "names no file", "Name at least one file.");
    }
    return paths;
  }

  @Override
  public Publish<T> batches(Iterator<? extends ColumnBatch> batches) {
    return from(RowSource.batches(ArgumentChecks.required("batches", batches)));
  }

  @Override
  public Publish<T> resultSet(ResultSet rows) {
    return from(RowSource.resultSet(ArgumentChecks.required("resultSet", rows)));
  }

  @Override
  public Publish.StoredRows<Map<String, Object>> republish(
      String filter, Function<Map<String, Object>, ? extends @Nullable Map<String, ?>> correction) {
    RepublishedSource rows =
        new RepublishedSource(
            session,
            product,
            ArgumentChecks.filter("filter", filter),
            ArgumentChecks.required("correction", correction));
    return from(rows);
  }

  @Override
  public Publish<T> majorVersion(int number) {
    options.major(ArgumentChecks.majorVersion(number));
    open.begin();
    return this;
  }

  @Override
  public ProductPublish<T> alsoTo(int number, Function<? super T, ?> mapping) {
    return addMajor(number, mapping, null);
  }

  @Override
  public ProductPublish<T> alsoTo(int number, Function<? super T, ?> mapping, String rows) {
    return addMajor(number, mapping, ArgumentChecks.filter("rows", rows));
  }

  @SuppressWarnings("unchecked") // only the source determines the type of the rows
  private ProductPublish<T> addMajor(
      int number, Function<? super T, ?> mapping, @Nullable String rows) {
    options.alsoTo(number, (Function<Object, ?>) mapping, rows);
    open.begin();
    return this;
  }

  @Override
  public Publish<T> onlyMajorVersion(int number) {
    options.only(true);
    return majorVersion(number);
  }

  @Override
  public Publish<T> because(String text) {
    options.reason(ArgumentChecks.text("because", text));
    return this;
  }

  @Override
  public Publish<T> replaceAll() {
    return mode(PublishMode.REPLACE_ALL);
  }

  @Override
  public Publish<T> replacePartitions() {
    return mode(PublishMode.REPLACE_PARTITIONS);
  }

  @Override
  public Publish<T> replaceWhere(String rows) {
    options.filter(GivenFilter.of("replaceWhere", rows));
    return mode(PublishMode.REPLACE_WHERE);
  }

  @Override
  public Publish<T> allowEmpty() {
    options.allowEmpty(true);
    return this;
  }

  @Override
  public Publish<T> derivedFrom(Snapshot input, String... columns) {
    options.derivedFrom(input, columns);
    return this;
  }

  @Override
  public Publish<T> completeUpTo(Instant eventTime) {
    options.completeUpTo(ArgumentChecks.required("completeUpTo", eventTime));
    return this;
  }

  @Override
  public Publish<T> idempotencyKey(String text) {
    options.key(ArgumentChecks.idempotencyKey(text));
    return this;
  }

  @Override
  public Publish<T> contentDigest(String digest) {
    options.contentDigest(
        ArgumentChecks.shortText("contentDigest", digest, "Give a digest of the rows."));
    return this;
  }

  @Override
  public Publish<T> verifyReplay() {
    options.verifyReplay(true);
    return this;
  }

  @Override
  public Publish<T> onViolation(OnViolation stricter) {
    options.policy(ArgumentChecks.required("onViolation", stricter));
    return this;
  }

  @Override
  public ProductPublish<T> customRule(
      String name, int version, Predicate<? super GenericRecord> check) {
    options.customRule(name, version, new RuleCode.OnRecords(check));
    return this;
  }

  @Override
  public Publish<T> ignoreUnknownColumns() {
    options.ignoreUnknownColumns(true);
    return this;
  }

  @Override
  public ProductPublish<T> renameColumn(String inFiles, String column) {
    changes.rename(
        ArgumentChecks.required("inFiles", inFiles), ArgumentChecks.required("column", column));
    return this;
  }

  @Override
  public ProductPublish<T> setColumn(String column, Object value) {
    changes.set(ArgumentChecks.required("column", column), ArgumentChecks.required("value", value));
    return this;
  }

  @Override
  public ProductPublish<T> onProgress(Progress listener) {
    options.progress(ArgumentChecks.required("onProgress", listener));
    return this;
  }

  @Override
  public ProductPublish<T> timeout(Duration time) {
    options.timeout(ArgumentChecks.span("timeout", time));
    return this;
  }

  /** Advances a feed in the transaction of the rows. */
  void advance(FeedPosition feed) {
    options.position(feed);
  }

  /** Returns true if the rows belong to a major version that the caller named. */
  boolean namesMajor() {
    return options.major() != null;
  }

  @Override
  public PublishReceipt commit() {
    open.settle();
    try {
      PublishReceipt receipt = publish();
      session.committed(action(), receipt);
      return receipt;
    } catch (MeshException e) {
      session.refused(action(), e);
      throw e;
    }
  }

  @Override
  public StagedPublish stage() {
    open.settle();
    MeshAction staging = MeshAction.of(Verb.STAGE, "rows of " + product);
    return session.observed(staging, () -> stage(staging));
  }

  private StagedPublish stage(MeshAction staging) {
    session.checkOpen(staging);
    RowSource rows = source();
    once.begin();
    try {
      return StagingOperations.stage(begin(rows, staging));
    } catch (RuntimeException e) {
      throw ThreadInterruption.orFailure(action(), e);
    } finally {
      once.end();
      discard(rows);
    }
  }

  @Override
  public PublishPlan plan() {
    open.settle();
    session.checkOpen(action());
    return PublishRun.plan(begin(source(), action()));
  }

  private PublishReceipt publish() {
    session.checkOpen(action());
    RowSource rows = source();
    once.begin();
    try {
      return new PublishRun(begin(rows, action())).run();
    } finally {
      once.end();
      discard(rows);
    }
  }

  private PublishContext begin(RowSource rows, MeshAction action) {
    return PublishContext.begin(session, product, options(), rows, action);
  }

  private PublishOptions options() {
    if (options.only() && options.reason() == null) {
      throw Failure.of(action())
          .because("onlyMajorVersion(" + options.major() + ") was called without a reason")
          .state("Nothing was published.")
          .fix("Call because(text); the receipt and the log contain it.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return options;
  }

  private RowSource source() {
    if (source != null) {
      source.checkOptions(options, action());
    }
    return RowSource.required(source, action());
  }

  /** Closes a source that was not read. A failure to close it does not change the outcome. */
  private void discard(RowSource rows) {
    try {
      rows.discard();
    } catch (RuntimeException e) {
      LOG.warn("{}: the source could not be closed: {}", action(), e.getClass().getName());
    }
  }

  private MeshAction action() {
    return MeshAction.of(Verb.PUBLISH, product);
  }

  private Publish<T> mode(PublishMode selected) {
    if (options.mode() != PublishMode.APPEND) {
      throw ArgumentChecks.refused(
          "mode",
          "was set twice",
          "Call one of replaceAll(), replacePartitions(), and replaceWhere(..).");
    }
    options.mode(selected);
    open.begin();
    return this;
  }

  @SuppressWarnings("unchecked") // only the source determines the type of the rows
  private <R> ProductPublish<R> from(RowSource rows) {
    if (source != null) {
      throw ArgumentChecks.refused(
          "source", "was set twice", "Name one source: " + RowSource.CALLS + ".");
    }
    source = rows;
    open.begin();
    return (ProductPublish<R>) this;
  }

  /** The action, for logs; without values of filters or rows. */
  @Override
  public String toString() {
    return action().toString();
  }
}
