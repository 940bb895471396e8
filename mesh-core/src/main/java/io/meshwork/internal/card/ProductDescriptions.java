package io.meshwork.internal.card;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductCard.Access;
import io.meshwork.card.ProductCard.Column;
import io.meshwork.card.ProductCard.Suspension;
import io.meshwork.card.ProductCard.Version;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.internal.session.ReaderTables;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Builds product cards. */
public final class ProductDescriptions {
  private ProductDescriptions() {}

  /** The card of a product in its current major, for the session's principal. */
  public static ProductCard of(ClientSession session, ProductEntry product) {
    int major = product.currentMajor();
    return of(
        session,
        product,
        major,
        () ->
            PublishQuality.newest(session.ledger(), product.name(), major)
                .map(QualityEntry.class::cast));
  }

  /**
   * The card of a product with this major first, as a link to that major shows it, without the
   * quality, which the index has as well: see {@link #withQuality}.
   */
  public static ProductCard withoutQuality(ClientSession session, ProductEntry product, int first) {
    return of(session, product, first, Optional::empty);
  }

  /** The same card with the quality of the newest publish, for a principal that may read all. */
  public static ProductCard withQuality(
      ProductCard before, Supplier<Optional<QualityEntry>> quality) {
    return copy(
        before,
        before.isOpenToMesh(),
        before.versions(),
        before.access() == Access.READ_ALL ? quality.get() : Optional.empty(),
        before.replacements(),
        before.amendments(),
        CardDetails.of(before));
  }

  private static ProductCard of(
      ClientSession session,
      ProductEntry product,
      int first,
      Supplier<Optional<QualityEntry>> quality) {
    MeshAction action = MeshAction.of(Verb.DESCRIBE, product.name());
    List<Version> versions = new ArrayList<>();
    VersionEntry current =
        session.catalog().requireFor(Use.DESCRIBE, product.name(), first, action);
    versions.add(version(session, product, current));
    Optional<DataPermission> permission = session.authorizer().findPermission(product, current);
    Optional<DataPermission> now = session.authorizer().findPermissionNow(product, current);
    for (int major : session.catalog().visibleMajors(product.name())) {
      if (major != current.major()) {
        versions.add(
            version(
                session,
                product,
                session.catalog().requireFor(Use.DESCRIBE, product.name(), major, action)));
      }
    }
    return new ProductDescription(
        product.name(),
        product.description(),
        session.catalog().ownerOf(product, action),
        current.contract().classification(),
        product.openToMesh(),
        columns(current.contract()),
        versions,
        newest(session, product.name(), current)
            .map(newest -> readsEveryRow(now) ? newest : newest.withoutRows()),
        now.filter(DataPermission::isAll).flatMap(all -> quality.get()),
        permission
            .map(granted -> granted.isAll() ? Access.READ_ALL : Access.READ_SOME)
            .orElse(Access.DESCRIBE_ONLY),
        end(current),
        List.of(),
        List.of(),
        CardDetails.NONE);
  }

  /** The suspension of a version; the reason is for readers of it. */
  public static Optional<Suspension> suspension(
      ClientSession session, ProductEntry product, VersionEntry version) {
    return suspension(
        session,
        product,
        version.major(),
        () -> session.authorizer().uncounted().findPermission(product, version).isPresent());
  }

  /**
   * The suspension of a version.
   *
   * @param reads true for a caller who may read it, whom the reason is for
   */
  public static Optional<Suspension> suspension(
      ClientSession session, ProductEntry product, int major, BooleanSupplier reads) {
    return session
        .catalog()
        .suspension(product, major)
        .map(
            decision ->
                new Suspension(
                    decision.at(),
                    decision.until(),
                    reads.getAsBoolean() ? decision.because() : ""));
  }

  private static Optional<ProductCard.End> end(VersionEntry version) {
    return version.endsProduct()
        ? version
            .entry()
            .succession()
            .retireAfter()
            .map(
                date ->
                    new ProductCard.End(
                        version.entry().succession().because().orElse(""),
                        date,
                        version.state().isRetired(),
                        version.successorElsewhere()))
        : Optional.empty();
  }

  private static Optional<Snapshot> newest(
      ClientSession session, ProductName product, VersionEntry version) {
    if (version.state() == MajorState.PURGED) {
      return Optional.empty();
    }
    TableName name = TableName.of(product, version.major());
    ReaderTables tables = ReaderTables.of(session, product.domain());
    Optional<Snapshot> newest =
        tables.areVended()
            ? Optional.empty()
            : session
                .tables()
                .newestSnapshot(name)
                .flatMap(
                    stored ->
                        SnapshotHistory.newest(
                            session.ledger(), stored, product, version.version()));
    return newest.isPresent()
        ? newest
        : table(tables, name)
            .flatMap(
                table ->
                    new SnapshotHistory(session.ledger(), table, product, version.version())
                        .newest())
            .map(SnapshotHistory.DatedSnapshot::snapshot);
  }

  /**
   * Returns a table; empty if the store does not let the principal read its files, or they are
   * damaged or missing: a product that is broken is described all the same, with whom to ask.
   */
  private static Optional<Table> table(ReaderTables tables, TableName name) {
    try {
      return Optional.of(tables.load(name));
    } catch (AccessDeniedException denied) {
      return Optional.empty();
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static boolean readsEveryRow(Optional<DataPermission> permission) {
    return permission.map(granted -> granted.rowFilter().everyRow()).orElse(false);
  }

  /** The card of a product that its owner defines. */
  public static ProductCard ofNew(
      ProductName product,
      String description,
      String owner,
      boolean openToMesh,
      Contract contract,
      List<Partition> partitioning) {
    return new ProductDescription(
        product,
        description,
        owner,
        contract.classification(),
        openToMesh,
        columns(contract),
        List.of(
            new Version(
                ContractVersion.FIRST,
                MajorVersion.State.ACTIVE,
                contract,
                partitioning,
                Optional.empty())),
        Optional.empty(),
        Optional.empty(),
        Access.READ_ALL,
        Optional.empty(),
        List.of(),
        List.of(),
        CardDetails.NONE);
  }

  /** The card of a product after one of its majors got another contract. */
  public static ProductCard amended(
      ProductCard before, ContractVersion version, Contract contract, List<Partition> layout) {
    List<Version> versions = new ArrayList<>();
    for (Version each : before.versions()) {
      versions.add(
          each.version().major() == version.major()
              ? new Version(version, each.state(), contract, layout, each.suspension())
              : each);
    }
    boolean current = before.versions().get(0).version().major() == version.major();
    return new ProductDescription(
        before.name(),
        before.description(),
        before.owner(),
        current ? contract.classification() : before.classification(),
        before.isOpenToMesh(),
        current ? columns(contract) : before.columns(),
        versions,
        before.current(),
        before.quality(),
        before.access(),
        before.end(),
        before.replacements(),
        before.amendments(),
        CardDetails.of(before));
  }

  /** The card of a product after it was opened to the mesh, or closed. */
  public static ProductCard withOpenToMesh(ProductCard before, boolean openToMesh) {
    return copy(
        before,
        openToMesh,
        before.versions(),
        before.quality(),
        before.replacements(),
        before.amendments(),
        CardDetails.of(before));
  }

  /** The card of a product with these versions and rollouts. */
  public static ProductCard withRollouts(
      ProductCard before,
      List<Version> versions,
      List<ProductCard.Replacement> replacements,
      List<ProductCard.Amendment> amendments) {
    return copy(
        before,
        before.isOpenToMesh(),
        versions,
        before.quality(),
        replacements,
        amendments,
        CardDetails.of(before));
  }

  /**
   * What a card has from questions beyond the product's own documents. Immutable.
   *
   * @param tags its tags and its domain's
   * @param health the health
   * @param ownRequest the newest request of the caller's domain
   * @param namesInGlue the names of the links of the caller's domain in AWS Glue
   */
  public record CardDetails(
      Map<String, String> tags,
      Optional<Health> health,
      Optional<ProductCard.OwnRequest> ownRequest,
      List<String> namesInGlue) {
    static final CardDetails NONE =
        new CardDetails(Map.of(), Optional.empty(), Optional.empty(), List.of());

    public CardDetails {
      tags = Collections.unmodifiableMap(new TreeMap<>(tags));
      namesInGlue = List.copyOf(namesInGlue);
    }

    static CardDetails of(ProductCard card) {
      return new CardDetails(card.tags(), card.health(), card.ownRequest(), card.namesInGlue());
    }
  }

  /** The card of a product with these details. */
  public static ProductCard withDetails(ProductCard before, CardDetails details) {
    return copy(
        before,
        before.isOpenToMesh(),
        before.versions(),
        before.quality(),
        before.replacements(),
        before.amendments(),
        details);
  }

  private static ProductDescription copy(
      ProductCard before,
      boolean openToMesh,
      List<Version> versions,
      Optional<QualityEntry> quality,
      List<ProductCard.Replacement> replacements,
      List<ProductCard.Amendment> amendments,
      CardDetails details) {
    return new ProductDescription(
        before.name(),
        before.description(),
        before.owner(),
        before.classification(),
        openToMesh,
        before.columns(),
        versions,
        before.current(),
        quality,
        before.access(),
        before.end(),
        replacements,
        amendments,
        details);
  }

  private static Version version(ClientSession session, ProductEntry product, VersionEntry entry) {
    return new Version(
        entry.version(),
        entry.state().publicState(),
        entry.contract(),
        entry.partitioning(),
        entry.state().isRetired() ? Optional.empty() : suspension(session, product, entry));
  }

  /** Returns Iceberg's name of a type without field IDs; {@code enum} for text with symbols. */
  private static String type(Type stored, Schema declared) {
    Schema value =
        declared.isUnion()
            ? declared.getTypes().stream()
                .filter(each -> each.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(declared)
            : declared;
    return switch (value.getType()) {
      case ENUM -> "enum";
      case RECORD ->
          stored.asStructType().fields().stream()
              .map(
                  field ->
                      field.name()
                          + ": "
                          + (field.isOptional() ? "optional " : "required ")
                          + type(field.type(), value.getField(field.name()).schema()))
              .collect(Collectors.joining(", ", "struct<", ">"));
      case ARRAY -> "list<" + type(stored.asListType().elementType(), value.getElementType()) + ">";
      case MAP -> "map<string, " + type(stored.asMapType().valueType(), value.getValueType()) + ">";
      default -> stored.toString();
    };
  }

  /** The contract's text about a column, or else its Avro schema's. */
  private static String description(Contract contract, String column) {
    String documented = contract.schema().getField(column).doc();
    return contract.columnDescriptions().getOrDefault(column, documented == null ? "" : documented);
  }

  private static List<Column> columns(Contract contract) {
    List<Column> columns = new ArrayList<>();
    for (Types.NestedField field : IcebergSchemas.fromAvro(contract.schema()).columns()) {
      columns.add(
          new Column(
              field.name(),
              type(field.type(), contract.schema().getField(field.name()).schema()),
              field.isOptional(),
              description(contract, field.name()),
              contract.classificationOf(field.name())));
    }
    return columns;
  }
}
