package io.meshwork.odcs;

import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlWriter;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes a contract as a document of the Open Data Contract Standard 3.1 or 3.2 that is valid under
 * its official JSON Schema.
 *
 * <p>A contract that was read from a document is written into that document: what Meshwork does not
 * understand stays, and so does every value that did not change. Reading an export gives the
 * contract again. Immutable and thread-safe.
 */
public final class OdcsExport {
  private final Contract contract;
  private final OdcsHeader before;
  private final OdcsHeader header;
  private final ExportedState state;
  private final @Nullable OdcsVersion apiVersion;

  private OdcsExport(
      Contract contract,
      OdcsHeader before,
      OdcsHeader header,
      ExportedState state,
      @Nullable OdcsVersion apiVersion) {
    this.apiVersion = apiVersion;
    this.contract = contract;
    this.before = before;
    this.header = header;
    this.state = state;
  }

  /**
   * Starts the export of a contract.
   *
   * @param contract not null
   */
  public static OdcsExport of(Contract contract) {
    Optional<YamlNode> document = ContractTree.document(contract);
    OdcsHeader header =
        document
            .map(
                root ->
                    OdcsHeader.of(
                        root,
                        ObjectImport.of(root, 0, new ImportFindings(root, false)).partitions()))
            .orElseGet(OdcsHeader::standard);
    return new OdcsExport(contract, header, header, ExportedState.NONE, null);
  }

  /**
   * Starts the export of a version of a product. A document that the contract was read from retains
   * its name, version, and ID, and its status until the version is deprecated: they are its
   * owner's, and count its revisions. A contract without a document, or with the document of an
   * unedited {@link ContractProposal}, has the name, the version, and the status in the mesh.
   *
   * @param product not null
   * @param version of its card; not null
   */
  public static OdcsExport of(ProductName product, ProductCard.Version version) {
    OdcsExport export = of(version.contract());
    String status = status(version.state());
    boolean own =
        ContractTree.document(version.contract())
            .map(document -> !document.textOf("id").startsWith(OdcsFormatter.PROPOSAL))
            .orElse(false);
    if (!own) {
      export = export.product(product).version(version.version()).status(status);
    } else if (version.state() != MajorVersion.State.ACTIVE
        && version.state() != MajorVersion.State.PREPARED) {
      export = export.status(status);
    }
    return export.partitionBy(version.partitioning().toArray(new Partition[0]));
  }

  private static String status(MajorVersion.State state) {
    return switch (state) {
      case PREPARED -> "draft";
      case ACTIVE -> "active";
      case DEPRECATED, CLOSING, RETIRING -> "deprecated";
      case RETIRED, PURGED, WITHDRAWN -> "retired";
    };
  }

  /**
   * Sets the name of the product. Default: the document's, or the name of the schema's record.
   *
   * @param product not null
   */
  public OdcsExport product(ProductName product) {
    return with(
        new OdcsHeader(product.toString(), header.version(), header.status(), header.partitions()));
  }

  /**
   * Sets the version of the contract. Default: the document's, or 1.0.0.
   *
   * @param version not null
   */
  public OdcsExport version(ContractVersion version) {
    return with(
        new OdcsHeader(header.name(), version.toString(), header.status(), header.partitions()));
  }

  /**
   * Sets the status. Default: the document's, or {@code draft}.
   *
   * @param status such as {@code active}, {@code deprecated}, or {@code retired}
   */
  public OdcsExport status(String status) {
    return with(
        new OdcsHeader(
            header.name(), header.version(), status.toLowerCase(Locale.ROOT), header.partitions()));
  }

  /**
   * Sets how the table is partitioned, which a contract does not know. Default: as the document
   * says.
   *
   * @param partitions in order
   */
  public OdcsExport partitionBy(Partition... partitions) {
    return with(
        new OdcsHeader(header.name(), header.version(), header.status(), List.of(partitions)));
  }

  /**
   * Sets where the Parquet files of the product are, for tools that read files: the first server,
   * {@code meshwork}, of the type {@code s3} or {@code local}. The servers of the document follow.
   * Default: only them.
   *
   * @param location such as {@code s3://bucket/orders} or a path; not blank
   */
  public OdcsExport location(String location) {
    if (location.isBlank()) {
      throw new OdcsErrors("the export").invalidCall("the location is blank", "Name a folder.");
    }
    return with(state.at(location));
  }

  private OdcsExport with(OdcsHeader changed) {
    return new OdcsExport(contract, before, changed, state, apiVersion);
  }

  private OdcsExport with(ExportedState changed) {
    return new OdcsExport(contract, before, header, changed, apiVersion);
  }

  /**
   * Sets the day on which a retirement was announced and the day after which the version is
   * retired, as the levels {@code endOfSupport} and {@code endOfLife}. Default: the document's.
   *
   * @param announced such as {@code Rollout} states
   * @param retired not before it
   */
  public OdcsExport supportedUntil(LocalDate announced, LocalDate retired) {
    if (retired.isBefore(announced)) {
      throw new OdcsErrors("the export")
          .invalidCall("the end of life is before the end of support", "Exchange both days.");
    }
    return with(
        state
            .level(ExportedState.END_OF_SUPPORT, announced.toString())
            .level(ExportedState.END_OF_LIFE, retired.toString()));
  }

  /**
   * Sets since when the version can be used, as the level {@code generalAvailability}. Default: the
   * document's.
   *
   * @param activated not null
   */
  public OdcsExport availableSince(Instant activated) {
    return with(state.level(ExportedState.GENERAL_AVAILABILITY, activated.toString()));
  }

  /**
   * Adds the level {@code freshness} in addition to {@code latency}, which ODCS recommends: it is
   * the one that datacontract-cli checks.
   */
  public OdcsExport forDatacontractCli() {
    return with(state.withFreshness());
  }

  /**
   * Sets the version of ODCS. Default: 3.1.0, or 3.2.0 for a document of 3.2.0 or with what 3.1.0
   * lacks. As 3.1.0, what only 3.2.0 has becomes custom properties from which an import recreates
   * it; an {@code enum} is also a check.
   *
   * @param version {@code 3.1.0} or {@code 3.2.0}, with or without {@code v} before it
   * @throws InvalidRequestException INVALID_ARGUMENT for any other version
   */
  public OdcsExport apiVersion(String version) {
    return new OdcsExport(contract, before, header, state, OdcsVersion.of(version));
  }

  /**
   * Returns the document as YAML.
   *
   * @throws InvalidRequestException CONTRACT_INVALID if the version that {@link #apiVersion} names
   *     forbids a part of the document, with its path
   */
  public String asYaml() {
    Contract bare = ContractTree.without(contract);
    YamlNode root =
        ContractTree.document(contract)
            .map(document -> DocumentComposer.compose(bare, document, before, header))
            .orElseGet(
                () -> DocumentComposer.compose(bare, header, apiVersion == OdcsVersion.V3_2_0));
    YamlNode stated = state.of(root);
    return YamlWriter.of(
        apiVersion == null ? OdcsVersion.usual(stated) : apiVersion.written(stated));
  }
}
