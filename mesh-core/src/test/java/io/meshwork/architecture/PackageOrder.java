package io.meshwork.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.meshwork.error.MeshException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;

/** The rooms of mesh-core in order of imports: the one place where the order is written. */
final class PackageOrder {
  static final String ROOT = "io.meshwork";

  /** A room may import only from rooms before it. */
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
          "io.meshwork.internal.runtime",
          "io.meshwork.internal.columnar",
          "io.meshwork.internal.schema",
          "io.meshwork.internal.compatibility",
          "io.meshwork.internal.predicate",
          "io.meshwork.contract",
          "io.meshwork.card",
          "io.meshwork.publish",
          "io.meshwork.change",
          "io.meshwork.rollout",
          "io.meshwork.access",
          "io.meshwork.request",
          "io.meshwork.rollout",
          "io.meshwork.internal.lakeformation",
          "io.meshwork.internal.rows",
          "io.meshwork.internal.measure",
          "io.meshwork.internal.quality",
          "io.meshwork.internal.ledger",
          "io.meshwork.governance",
          "io.meshwork.internal.routing",
          "io.meshwork.internal.catalog",
          "io.meshwork.internal.rights",
          "io.meshwork.internal.table",
          "io.meshwork.internal.session",
          "io.meshwork.internal.rollout",
          "io.meshwork.event",
          "io.meshwork.internal.files",
          "io.meshwork.notice",
          "io.meshwork.internal.delivery",
          "io.meshwork.internal.ingest",
          "io.meshwork.internal.scan",
          "io.meshwork.internal.links",
          "io.meshwork.internal.explain",
          "io.meshwork.internal.requests",
          "io.meshwork.internal.policy",
          "io.meshwork.internal.grants",
          "io.meshwork.internal.rollouts",
          "io.meshwork.internal.publish",
          "io.meshwork.consume",
          "io.meshwork.internal.consume",
          "io.meshwork.internal.change",
          "io.meshwork.maintenance",
          "io.meshwork.internal.maintenance",
          "io.meshwork.internal.audit",
          "io.meshwork",
          "io.meshwork.engine",
          "io.meshwork.local");

  /** Rooms that hold one verb each: they never import each other, in either direction. */
  static final List<String> VERBS =
      List.of(
          "io.meshwork.internal.rollouts",
          "io.meshwork.internal.publish",
          "io.meshwork.internal.consume",
          "io.meshwork.internal.change");

  /** Read once: all tests of the house look at the same classes. */
  private static final JavaClasses CLASSES = read();

  private PackageOrder() {}

  /** The classes of mesh-core as they were compiled, without its tests. */
  static JavaClasses classes() {
    return CLASSES;
  }

  private static JavaClasses read() {
    URL place = MeshException.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      return new ClassFileImporter().importPath(Path.of(place.toURI()));
    } catch (URISyntaxException e) {
      throw new AssertionError("The classes of mesh-core lie at a strange place: " + place, e);
    }
  }

  static boolean isOurs(JavaClass type) {
    return isIn(type, ROOT);
  }

  static boolean isInternal(JavaClass type) {
    return isIn(type, ROOT + ".internal");
  }

  /** True if the class lies in the package or below it. */
  static boolean isIn(JavaClass type, String packageName) {
    return type.getPackageName().equals(packageName)
        || type.getPackageName().startsWith(packageName + ".");
  }
}
