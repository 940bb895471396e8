package io.meshwork.internal.suggestions;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.text.NearestName;
import io.meshwork.request.Suggestion.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The columns that a suggestion names.
 *
 * @param kind what the suggestion is about
 * @param names the names as the requester wrote them
 */
record SuggestedColumns(Kind kind, List<String> names) {
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

  /**
   * Returns the names, with the contracts' names for columns that exist.
   *
   * @param versions the versions that the requester sees
   * @throws InvalidRequestException if a new column exists, or another one does not
   */
  List<String> in(List<VersionEntry> versions, MeshAction action) {
    List<String> existing =
        versions.stream().flatMap(version -> version.columns().stream()).distinct().toList();
    return kind == Kind.NEW_COLUMN ? requireNew(existing, action) : requireAll(existing, action);
  }

  private List<String> requireNew(List<String> existing, MeshAction action) {
    for (String name : names) {
      if (!LEGAL.matcher(name).matches()) {
        throw rejected(
            action,
            name,
            "a column cannot have this name",
            "Use letters, digits, and _, at most 255, and begin with a letter or _.");
      }
      if (existing.stream().anyMatch(name::equalsIgnoreCase)) {
        throw rejected(
            action,
            name,
            "the product has the column '" + name + "' already",
            "Choose another kind to suggest a change of this column.");
      }
    }
    return names;
  }

  private List<String> requireAll(List<String> existing, MeshAction action) {
    List<String> unknown = new ArrayList<>(names);
    List<String> matching =
        existing.stream().filter(name -> unknown.removeIf(name::equalsIgnoreCase)).toList();
    if (!unknown.isEmpty()) {
      throw rejected(
          action,
          unknown.toString(),
          "it has no columns " + unknown + "; it has " + existing,
          NearestName.question(unknown, existing)
              + "Name top-level columns of the contract, or set the kind NEW_COLUMN.");
    }
    return matching;
  }

  private static InvalidRequestException rejected(
      MeshAction action, String columns, String reason, String fix) {
    return Failure.of(action)
        .because(reason)
        .state("Nothing was suggested.")
        .fix(fix)
        .findings(List.of(Finding.error(FindingCode.UNKNOWN_COLUMN, columns, reason + ".", fix)))
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
