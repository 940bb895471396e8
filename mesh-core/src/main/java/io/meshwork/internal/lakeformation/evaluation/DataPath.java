package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.DatabaseNode;
import io.meshwork.internal.lakeformation.index.S3Path;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks access to a table's files: by temporary credentials or by the principal's own S3
 * permissions.
 */
final class DataPath {
  private DataPath() {}

  /** The code of what is missing for access to the files; null if nothing is. */
  static @Nullable DenialCode missing(EvaluationContext context, TableNode table) {
    String location = table.table().location().orElse(null);
    if (location == null) {
      return null;
    }
    PrincipalFacts facts = context.identity().facts();
    RegisteredLocation registered = context.index().registered(table.account(), location);
    if (registered != null && (!registered.hybrid() || context.optedIn(table))) {
      return facts.getDataAccess() ? null : DenialCode.IAM_GET_DATA_ACCESS;
    }
    boolean permitted = facts.s3().stream().anyMatch(own -> S3Path.contains(own, location));
    return permitted ? null : DenialCode.S3_ACCESS;
  }

  /**
   * Evaluates the creation of a table of a database at a location. A registered location requires a
   * grant on it, unless the database's own location is registered and contains it.
   *
   * @return empty if no grant on the location is required
   */
  static Optional<EvaluationResult> creation(
      EvaluationContext context, DatabaseNode database, String location) {
    AccessIndex index = context.index();
    if (index.registered(database.account(), location) == null) {
      return Optional.empty();
    }
    String own = database.database().location().orElse(null);
    if (own != null
        && S3Path.contains(own, location)
        && index.registered(database.account(), own) != null) {
      return Optional.empty();
    }
    Resource resource = new Resource.Location(database.account(), location);
    return Optional.of(
        CatalogEvaluator.evaluate(context, resource, Permission.DATA_LOCATION_ACCESS));
  }
}
