package io.meshwork.internal.card;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.internal.card.ProductDescriptions.CardDetails;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of a product card. */
record ProductDescription(
    ProductName name,
    String description,
    String owner,
    Classification classification,
    boolean isOpenToMesh,
    List<Column> columns,
    List<Version> versions,
    Optional<Snapshot> current,
    Optional<QualityEntry> quality,
    Access access,
    Optional<End> end,
    List<Replacement> replacements,
    List<Amendment> amendments,
    CardDetails details)
    implements ProductCard {
  ProductDescription {
    columns = List.copyOf(columns);
    versions = List.copyOf(versions);
    replacements = List.copyOf(replacements);
    amendments = List.copyOf(amendments);
  }

  @Override
  public Map<String, String> tags() {
    return details.tags();
  }

  @Override
  public Optional<Health> health() {
    return details.health();
  }

  @Override
  public Optional<OwnRequest> ownRequest() {
    return details.ownRequest();
  }

  @Override
  public List<String> namesInGlue() {
    return details.namesInGlue();
  }

  @Override
  public Contract contract() {
    return versions.get(0).contract();
  }

  /** The card in one line; the columns by name only. */
  @Override
  public String toString() {
    return "ProductCard[name="
        + name
        + ", version="
        + versions.get(0).version()
        + ", owner="
        + owner
        + ", classification="
        + classification
        + ", openToMesh="
        + isOpenToMesh
        + ", columns="
        + columns.stream().map(Column::name).toList()
        + ", snapshot="
        + current.map(Snapshot::id).orElse("none")
        + end.map(last -> (last.ended() ? ", ended=" : ", ends=") + last.retireAfter()).orElse("")
        + suspension().map(reads -> ", suspended=" + reads.since()).orElse("")
        + (replacements.isEmpty() ? "" : ", replaces=" + replacements)
        + (amendments.isEmpty() ? "" : ", amendments=" + amendments)
        + "]";
  }
}
