package io.meshwork.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.meshwork.error.MeshException;
import io.meshwork.operation.Operation;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;

/** The packages of mesh-core in order of imports: the one place where the order is written. */
final class PackageOrder {
  static final String ROOT = "io.meshwork";

  /** A package imports only from packages before it. */
  static final List<String> IN_ORDER =
      List.of(
          "io.meshwork.internal.open",
          "io.meshwork.error",
          "io.meshwork.internal.naming",
          "io.meshwork.product",
          "io.meshwork.operation",
          "io.meshwork.link",
          "io.meshwork.meter",
          "io.meshwork.micrometer",
          "io.meshwork.columnar",
          "io.meshwork.topology",
          "io.meshwork.registry",
          "io.meshwork.internal.text",
          "io.meshwork.internal.runtime",
          "io.meshwork.internal.disk",
          "io.meshwork.internal.vector",
          "io.meshwork.internal.parquet.schema",
          "io.meshwork.internal.parquet.encoding",
          "io.meshwork.internal.parquet.write",
          "io.meshwork.internal.parquet.footer",
          "io.meshwork.internal.parquet.page",
          "io.meshwork.internal.parquet.read",
          "io.meshwork.internal.schema",
          "io.meshwork.internal.compatibility",
          "io.meshwork.internal.predicate",
          "io.meshwork.internal.condition",
          "io.meshwork.contract",
          "io.meshwork.internal.contract",
          "io.meshwork.internal.dqdl",
          "io.meshwork.card",
          "io.meshwork.publish",
          "io.meshwork.access",
          "io.meshwork.change",
          "io.meshwork.rollout",
          "io.meshwork.request",
          "io.meshwork.internal.lakeformation",
          "io.meshwork.internal.lakeformation.index",
          "io.meshwork.internal.lakeformation.evaluation",
          "io.meshwork.internal.rows",
          "io.meshwork.internal.materializers",
          "io.meshwork.internal.uniqueness",
          "io.meshwork.internal.quality",
          "io.meshwork.internal.ledger",
          "io.meshwork.event",
          "io.meshwork.internal.event",
          "io.meshwork.governance",
          "io.meshwork.discovery",
          "io.meshwork.internal.routing",
          "io.meshwork.internal.catalog",
          "io.meshwork.internal.rights",
          "io.meshwork.internal.metadata",
          "io.meshwork.internal.table",
          "io.meshwork.internal.availability",
          "io.meshwork.internal.session",
          "io.meshwork.internal.consumers",
          "io.meshwork.internal.card",
          "io.meshwork.internal.index",
          "io.meshwork.internal.majors",
          "io.meshwork.internal.rollout",
          "io.meshwork.internal.suggestions",
          "io.meshwork.internal.files",
          "io.meshwork.notice",
          "io.meshwork.internal.delivery",
          "io.meshwork.internal.ingest.file",
          "io.meshwork.internal.ingest.write",
          "io.meshwork.internal.ingest",
          "io.meshwork.internal.scan",
          "io.meshwork.internal.links",
          "io.meshwork.internal.explain",
          "io.meshwork.internal.grants",
          "io.meshwork.internal.stewards",
          "io.meshwork.internal.rollout.consumers",
          "io.meshwork.internal.copies",
          "io.meshwork.internal.rollout.retirement",
          "io.meshwork.internal.rollout.backfill",
          "io.meshwork.internal.rollout.start",
          "io.meshwork.internal.receipts",
          "io.meshwork.internal.quarantine",
          "io.meshwork.internal.replacement",
          "io.meshwork.internal.publish.run",
          "io.meshwork.internal.staging",
          "io.meshwork.internal.onboarding",
          "io.meshwork.internal.distributed",
          "io.meshwork.internal.publish",
          "io.meshwork.consume",
          "io.meshwork.internal.consume",
          "io.meshwork.internal.change",
          "io.meshwork.maintenance",
          "io.meshwork.internal.mirror",
          "io.meshwork.internal.leftovers",
          "io.meshwork.internal.maintenance",
          "io.meshwork.internal.erasure",
          "io.meshwork.internal.diagnosis",
          "io.meshwork.internal.audit",
          "io.meshwork.internal.discovery",
          "io.meshwork.internal.metrics",
          "io.meshwork",
          "io.meshwork.local");

  /** The two directions of Parquet files: they never import each other. */
  static final List<List<String>> PARQUET_DIRECTIONS =
      List.of(
          List.of("io.meshwork.internal.parquet.write"),
          List.of("io.meshwork.internal.parquet.read"));

  /** The packages that implement the operations of each kind: kinds never import each other. */
  static final List<List<String>> OPERATIONS =
      List.of(
          List.of(
              "io.meshwork.internal.rollout.consumers",
              "io.meshwork.internal.rollout.retirement",
              "io.meshwork.internal.rollout.backfill",
              "io.meshwork.internal.rollout.start"),
          List.of("io.meshwork.internal.publish"),
          List.of("io.meshwork.internal.consume"),
          List.of("io.meshwork.internal.change"));

  /** Read once: all tests of the architecture use the same classes. */
  private static final JavaClasses CLASSES = read();

  private PackageOrder() {}

  /** The compiled classes of mesh-core, without its tests. */
  static JavaClasses classes() {
    return CLASSES;
  }

  private static JavaClasses read() {
    URL place = MeshException.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      return new ClassFileImporter().importPath(Path.of(place.toURI()));
    } catch (URISyntaxException e) {
      throw new AssertionError("Cannot read the classes of mesh-core at " + place, e);
    }
  }

  static boolean isOurs(JavaClass type) {
    return isIn(type, ROOT);
  }

  static boolean isInternal(JavaClass type) {
    return isIn(type, ROOT + ".internal");
  }

  /** True if users hold the class as a change that they commit. */
  static boolean isOperation(JavaClass type) {
    return type.isAssignableTo(Operation.class) && !isInternal(type);
  }

  /** True if the class is in the package or below it. */
  static boolean isIn(JavaClass type, String packageName) {
    return type.getPackageName().equals(packageName)
        || type.getPackageName().startsWith(packageName + ".");
  }
}
