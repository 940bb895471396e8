package io.meshwork.conformance.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessEdit;
import io.meshwork.internal.lakeformation.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The edits of a case, and the time that they set; empty if they set none. */
record WorldEdits(List<AccessEdit> edits, Optional<Instant> now) {
  static WorldEdits read(JsonNode json) {
    List<AccessEdit> edits = new ArrayList<>();
    Optional<Instant> now = Optional.empty();
    for (JsonNode one : json) {
      String verb = one.fieldNames().next();
      JsonNode what = one.path(verb);
      if (verb.equals("now")) {
        now = Optional.of(WorldReader.instant(what.asText()));
      } else {
        edits.add(edit(verb, what));
      }
    }
    return new WorldEdits(edits, now);
  }

  private static AccessEdit edit(String verb, JsonNode what) {
    return switch (verb) {
      case "revoke" -> revoke(what);
      case "grant" -> new AccessEdit.AddGrant(WorldReader.grant(what));
      case "tag" ->
          new AccessEdit.SetTags(
              WorldReader.tagged(what.path("resource")), WorldReader.tags(what.path("tags")));
      case "untag" ->
          new AccessEdit.RemoveTags(
              WorldReader.tagged(what.path("resource")), WorldReader.texts(what.path("keys")));
      case "addColumn" ->
          new AccessEdit.AddColumn(
              new Resource.Table(
                  WorldReader.text(what, "account"),
                  WorldReader.text(what, "database"),
                  WorldReader.text(what, "table")),
              WorldReader.column(what));
      case "addTable" ->
          new AccessEdit.AddTable(
              new Resource.Database(
                  WorldReader.text(what, "account"), WorldReader.text(what, "database")),
              WorldReader.table(what.path("table")));
      case "share" -> new AccessEdit.SetShare(WorldReader.share(what));
      case "optIn" -> new AccessEdit.AddOptIn(WorldReader.optIn(what));
      default -> throw new InvalidValueException("there is no edit '" + verb + "'");
    };
  }

  private static AccessEdit revoke(JsonNode what) {
    String grant = WorldReader.text(what, "grant");
    boolean all = !what.has("permissions") && !what.has("grantable");
    Set<Permission> permissions = WorldReader.permissions(what.path("permissions"));
    return all
        ? AccessEdit.Revoke.all(grant)
        : new AccessEdit.Revoke(
            grant, permissions, WorldReader.permissions(what.path("grantable")));
  }
}
