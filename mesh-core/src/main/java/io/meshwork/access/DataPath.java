package io.meshwork.access;

import io.meshwork.access.AccessFacts.PrincipalFacts;
import io.meshwork.access.AccessFacts.RegisteredLocation;
import org.jspecify.annotations.Nullable;

/** How a principal gets at a table's files: by credentials it is given, or by its own in S3. */
final class DataPath {
  private DataPath() {}

  /** The code of what is missing on the way to the data; null if nothing is. */
  static @Nullable String missing(Standing standing, TableNode table) {
    String location = table.table().location().orElse(null);
    if (location == null) {
      return null;
    }
    PrincipalFacts facts = standing.identity().facts();
    RegisteredLocation place = standing.estate().registered(table.account(), location);
    if (place != null && (!place.hybrid() || standing.optedIn(table))) {
      return facts.getDataAccess() ? null : "IAM_GET_DATA_ACCESS";
    }
    boolean reaches = facts.s3().stream().anyMatch(own -> S3Path.holds(own, location));
    return reaches ? null : "S3_ACCESS";
  }

  /**
   * True if a principal may create a table of a database at a location: where it is registered that
   * needs a grant on the location, unless the database's own location is registered and holds it.
   */
  static boolean mayPointTo(Standing standing, DatabaseNode database, String location) {
    Estate estate = standing.estate();
    if (estate.registered(database.account(), location) == null) {
      return true;
    }
    String own = database.database().location().orElse(null);
    if (own != null
        && S3Path.holds(own, location)
        && estate.registered(database.account(), own) != null) {
      return true;
    }
    Resource place = new Resource.Location(database.account(), location);
    return AtLargeJudge.judge(standing, place, Permission.DATA_LOCATION_ACCESS).allowed();
  }
}
