package io.meshwork.internal.onboarding;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.ErasedFiles;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.io.FileInfo;

/** The names of files that are to be registered unchanged. Stateless. */
final class SourceNames {
  private SourceNames() {}

  /** Rejects names that only the mesh's own files have, or whose spelling is not canonical. */
  public static void require(List<FileInfo> files, MeshAction action) {
    Map<String, String> spellings = new HashMap<>();
    for (FileInfo file : files) {
      String location = file.location();
      if (ErasedFiles.isOfPublish(location)) {
        throw misnamed(location, "its name is one that the mesh's own files have", action);
      } else if (!isNormalized(location.substring(location.lastIndexOf('/') + 1))) {
        throw misnamed(
            location, "its name has characters in decomposed form, as macOS writes them", action);
      } else if (!CanonicalLocation.isBelow(
          location.substring(0, location.lastIndexOf('/')), location)) {
        throw misnamed(location, "its name has characters that locations encode", action);
      }
      String spelling = spellings.putIfAbsent(CanonicalLocation.comparable(location), location);
      if (spelling != null) {
        throw ListedFiles.rejected(
            action.on("from " + location),
            "its path and that of "
                + spelling
                + " differ only in "
                + difference(location, spelling),
            "Rename one of them, or its folder, or publish one with files(..), which copies it.");
      }
    }
  }

  private static InvalidRequestException misnamed(String file, String why, MeshAction action) {
    return ListedFiles.rejected(
        action.on("from " + file),
        why,
        "Rename the file, or publish it with files(..), which copies it.");
  }

  private static boolean isNormalized(String text) {
    return Normalizer.isNormalized(text, Normalizer.Form.NFC);
  }

  /** Returns in what two spellings of one location differ. */
  private static String difference(String one, String other) {
    String composed = Normalizer.normalize(one, Normalizer.Form.NFC);
    if (composed.equals(Normalizer.normalize(other, Normalizer.Form.NFC))) {
      return "composed and decomposed characters";
    }
    return one.equalsIgnoreCase(other)
        ? "upper and lower case, which some stores and engines do not distinguish"
        : "how characters are encoded";
  }
}
