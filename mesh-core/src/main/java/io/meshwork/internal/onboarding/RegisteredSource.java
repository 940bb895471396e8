package io.meshwork.internal.onboarding;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowIngestion.ExistingSource;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.publish.run.PublishRejection;
import io.meshwork.internal.publish.run.RowSource;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FileFingerprint;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.product.ProductName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.jspecify.annotations.Nullable;

/** Files of another program that are registered where they are. Not thread-safe. */
final class RegisteredSource implements RowSource {
  /** How many files a message names. */
  private static final int MAX_NAMED = 5;

  private final ClientSession session;
  private final List<FileInfo> files;
  private final Map<String, Map<String, String>> folders;
  private final NameMapping names;
  private final List<String> origins;
  private final boolean ignoreUnknownColumns;
  private final NewFiles all;
  private final Map<String, FileFingerprint> marks = new HashMap<>();
  private boolean fits;
  private @Nullable EarlierCheck checked;

  /**
   * What was checked already.
   *
   * @param contract the contract
   * @param schema the columns
   * @param spec the partitions
   */
  private record EarlierCheck(
      Contract contract, Schema schema, PartitionSpec spec, RowIngestion.Result result) {}

  /**
   * Names the files.
   *
   * @param all all files to register, of which these are some
   * @param folders the values of columns in the names of folders, by location and column
   * @param names the name mapping of the table
   * @param origins where the files are
   */
  RegisteredSource(
      ClientSession session,
      List<FileInfo> files,
      Map<String, Map<String, String>> folders,
      NameMapping names,
      List<String> origins,
      boolean ignoreUnknownColumns,
      NewFiles all) {
    this.session = session;
    this.all = all;
    this.files = List.copyOf(files);
    this.folders = Map.copyOf(folders);
    this.names = names;
    this.origins = List.copyOf(origins);
    this.ignoreUnknownColumns = ignoreUnknownColumns;
  }

  /** The same with only some of the files, whose footers are not checked again. */
  RegisteredSource of(List<FileInfo> some) {
    RegisteredSource part =
        new RegisteredSource(session, some, folders, names, origins, ignoreUnknownColumns, all);
    part.fits = fits;
    return part;
  }

  List<FileInfo> files() {
    return files;
  }

  /** True if one of the files, or its content under another name, was registered since. */
  private boolean isRegisteredSince(OnboardedFiles now, List<DataFileEntry> written) {
    Set<String> contents = now.contentsBut(all::isAwareOf);
    for (DataFileEntry file : written) {
      FileFingerprint mark = marks.get(file.location());
      if (now.contains(file.location())
          || (mark != null && contents.contains(mark.content(file.bytes())))) {
        return true;
      }
    }
    return false;
  }

  /**
   * The properties of a table with these files and its present ones.
   *
   * @param now the newest state of the table
   * @throws io.meshwork.error.ConflictException if its name mapping is another one than that by
   *     which the files were checked
   */
  private Map<String, String> properties(Table now, MeshAction action) {
    String before = now.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    String mapping = NameMappingParser.toJson(names);
    if (before != null
        && !NameMappingParser.toJson(NameMappingParser.fromJson(before)).equals(mapping)) {
      throw Failure.of(action)
          .because("another process registered files with other columns in the meantime")
          .state("Nothing was registered.")
          .fix("Run it again: it checks the files against these columns.")
          .conflict(ErrorCode.CONFLICT);
    }
    TreeSet<String> all = new TreeSet<>(PublishedFile.origins(now));
    all.addAll(origins);
    return Map.of(
        TableProperties.DEFAULT_NAME_MAPPING,
        mapping,
        TableProperties.GC_ENABLED,
        "false",
        PublishedFile.ORIGINS,
        String.join("\n", all));
  }

  /** Returns a finding for each file whose footer does not fit the columns. */
  List<Finding> refused(
      Contract contract,
      Schema schema,
      PartitionSpec spec,
      ProgressMeter progress,
      Deadline deadline,
      MeshAction action) {
    List<Finding> refused = source().refused(contract, schema, spec, progress, deadline, action);
    fits = refused.isEmpty();
    return refused;
  }

  /** Requires that all footers fit the columns, before rows are read. */
  void requireFit(
      Contract contract,
      Schema schema,
      PartitionSpec spec,
      ProgressMeter progress,
      Deadline deadline,
      MeshAction action) {
    requireNone(refused(contract, schema, spec, progress, deadline, action), action);
  }

  static void requireNone(List<Finding> refused, MeshAction action) {
    if (!refused.isEmpty()) {
      throw Failure.of(action)
          .because(
              refused.size()
                  + (refused.size() == 1 ? " file does" : " files do")
                  + " not fit the contract."
                  + PublishRejection.lines(
                      refused.stream().limit(MAX_NAMED).map(Finding::what).toList()))
          .state("Nothing was registered.")
          .fix(refused.get(0).fix())
          .findings(refused)
          .contractViolation(ErrorCode.SCHEMA_MISMATCH);
    }
  }

  /**
   * Reads all rows and evaluates the rules, once for the same contract and columns.
   *
   * @param existing the keys of the table's rows
   * @param touched receives the partitions of the files
   * @param measuring false if the result has no files, as for a plan
   */
  RowIngestion.Result check(
      Contract contract,
      Schema schema,
      PartitionSpec spec,
      RuleContext context,
      ExistingKeys existing,
      AffectedPartitions touched,
      boolean measuring,
      ProgressMeter progress,
      Deadline deadline,
      MeshAction action) {
    EarlierCheck before = checked;
    checked = null;
    if (before != null
        && before.contract().fingerprint().equals(contract.fingerprint())
        && before.schema().sameSchema(schema)
        && before.spec().compatibleWith(spec)) {
      return before.result();
    }
    if (before != null) {
      before.result().close();
    }
    if (!fits) {
      requireFit(contract, schema, spec, progress, deadline, action);
    }
    return source()
        .check(
            contract,
            schema,
            spec,
            context,
            existing,
            touched,
            measuring ? marks : null,
            progress,
            session.runtime().executor(),
            deadline,
            action);
  }

  /** Stores the result of a check of a product that does not exist yet, for its first rows. */
  void keep(Contract contract, Schema schema, PartitionSpec spec, RowIngestion.Result result) {
    checked = new EarlierCheck(contract, schema, spec, result);
  }

  private ExistingSource source() {
    return new ExistingSource(
        session.files(), files, names.asMappedFields(), folders, ignoreUnknownColumns);
  }

  @Override
  public List<RowIngestion.Result> checkInPlace(
      List<RowIngestion.Target> targets,
      RuleContext context,
      boolean measuring,
      ProgressMeter progress,
      Deadline deadline,
      MeshAction action) {
    if (targets.size() > 1) {
      throw Failure.of(action)
          .because("a rollout publishes to several major versions, and files fit only one")
          .state("Nothing was registered.")
          .fix("Complete the rollout, or publish the rows with files(..), which copies them.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    if (files.isEmpty()) {
      throw Failure.of(action)
          .because("all its files were registered before")
          .state("Nothing was changed.")
          .fix("Run it again when there are new files.")
          .alreadyExists(ErrorCode.ALREADY_EXISTS);
    }
    RowIngestion.Target target = targets.get(0);
    return List.of(
        check(
            target.contract(),
            target.table().schema(),
            target.table().spec(),
            context,
            target.existingKeys(),
            target.touched(),
            measuring,
            progress,
            deadline,
            action));
  }

  /** Registers the files in the transaction, unless some were registered in the meantime. */
  @Override
  public void addTo(
      TableDraft table,
      CommitDraft<?> draft,
      String publishId,
      List<DataFileEntry> written,
      MeshAction action) {
    requireCurrent(table.name(), action);
    ProductName product = table.name().product();
    if (isRegisteredSince(OnboardedFiles.of(session.ledger(), product), written)) {
      throw Failure.of(action)
          .because("another process registered some of the files in the meantime")
          .state("Nothing was registered.")
          .fix("Run it again: it registers the files that are left.")
          .conflict(ErrorCode.CONFLICT);
    }
    OnboardedFiles.record(draft, product, publishId, written, Map.copyOf(marks), origins);
    table.setProperties(properties(table.table(), action));
  }

  /** Files are registered in the current major version; the transaction checks that it stays so. */
  private void requireCurrent(TableName table, MeshAction action) {
    int current = session.catalog().requireProduct(table.product(), action).currentMajor();
    if (current != table.major()) {
      throw Failure.of(action)
          .because("major version " + current + " became the current one in the meantime")
          .state("Nothing was registered.")
          .fix("Run it again: it registers the files in the current major version.")
          .conflict(ErrorCode.CONFLICT);
    }
  }

  @Override
  public RowInput open(Contract contract, Schema columns, boolean ignoring, MeshAction action) {
    throw new IllegalStateException("files that are registered are not a source of rows");
  }

  @Override
  public String fingerprint(MeshAction action) {
    StringBuilder text = new StringBuilder("registered");
    for (FileInfo file : files) {
      text.append('\n').append(file.location()).append(' ').append(file.size());
    }
    return Sha256.hex(text.toString());
  }

  @Override
  public void discard() {
    if (checked != null) {
      checked.result().close();
      checked = null;
    }
  }
}
