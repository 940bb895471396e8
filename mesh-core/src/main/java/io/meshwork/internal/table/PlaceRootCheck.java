package io.meshwork.internal.table;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks the root of a new place of data: roots have one form, so as text they are equal or
 * disjoint, and no links lead from one to another. Thread-safe.
 */
final class PlaceRootCheck {
  private static final String S3 = "s3://";

  /** Before the comparable location of a file below the root of the mesh. */
  private static final String INSIDE = "mesh";

  /** Folders in the root of the mesh. */
  static final List<String> RESERVED = List.of("data", "archive", "registry", "blobs");

  /** Without a dot, so that it is never the name of a file of the mesh. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  /** Without a dot, as AWS recommends: the host name of such a bucket has no certificate. */
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");

  private final DataPlaces places;
  private final String meshRoot;
  private final RootedFileIO files;

  PlaceRootCheck(DataPlaces places, RootedFileIO files) {
    this.places = places;
    this.meshRoot = places.meshRoot();
    this.files = files;
  }

  /** As {@link DataPlaces#canonical}. */
  static String canonical(String parameter, String root) {
    String canonical = DataPlaces.withoutSlash(ArgumentChecks.text(parameter, root));
    if (!CanonicalLocation.isRoot(canonical)) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', which is not the location of a folder",
          "Use a location with plain names, such as s3://bucket or mesh:/folder.");
    }
    return canonical;
  }

  /**
   * Requires that a new root has the form of roots, so that roots as text are equal or disjoint,
   * and that no links lead from it to the folders of the mesh or of another place.
   *
   * @param root the result of {@link #canonical}
   * @throws InvalidRequestException otherwise
   */
  void requireUsable(String parameter, String root) {
    requireForm(parameter, root, meshRoot);
    requireAddress(parameter, root);
    requireOutsideMesh(parameter, root);
    places.refresh();
    for (String otherRoot : places.known()) {
      if (!otherRoot.equals(root) && !otherRoot.equals(meshRoot)) {
        requireApart(parameter, root, otherRoot);
      }
    }
  }

  /** As {@link DataPlaces#requireForm}. */
  static void requireForm(String parameter, String root, String meshRoot) {
    String prefix = prefix(meshRoot);
    String name = root.startsWith(prefix) ? root.substring(prefix.length()) : "";
    if (!(prefix.equals(S3) ? BUCKET : NAME).matcher(name).matches()) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', and the root of a place is '" + prefix + "' and one name",
          prefix.equals(S3)
              ? "Use s3:// and the name of a bucket without dots, and no prefix."
              : "Use '"
                  + prefix
                  + "' and a name of at most 63 lower-case letters, digits, hyphens, and"
                  + " underscores.");
    }
    if (RESERVED.contains(name) || (meshRoot + "/").startsWith(root + "/")) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', which the mesh uses for its own files",
          "Use another name.");
    }
  }

  /** What roots of places begin with: they are in the folder of a mesh, or beside its root. */
  private static String prefix(String meshRoot) {
    if (meshRoot.startsWith(S3)) {
      return S3;
    }
    return meshRoot.endsWith(":")
        ? meshRoot + "/"
        : meshRoot.substring(0, meshRoot.lastIndexOf('/') + 1);
  }

  private void requireAddress(String parameter, String root) {
    String folder = DataPlaces.dataFolder(root);
    String address;
    try {
      address = files.newInputFile(folder).location();
    } catch (RuntimeException e) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', and the store of the mesh has no such location",
          "Use a location of the store; for a mesh in a folder, mesh:/ and the name of a folder in"
              + " it.");
    }
    if (!address.equals(folder)) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', which the store spells differently",
          "Use '"
              + address.substring(0, address.length() - (folder.length() - root.length()))
              + "'.");
    }
  }

  private void requireOutsideMesh(String parameter, String root) {
    String target = target(root);
    String home = target(meshRoot + "/.");
    boolean isLink = !target.equals(comparable(root));
    if (isLink && (target.startsWith(INSIDE) || isWithin(target, home) || isWithin(home, target))) {
      throw overlapping(parameter, root, meshRoot);
    }
    for (String reserved : RESERVED) {
      requireApart(parameter, root, meshRoot + "/" + reserved);
    }
  }

  private void requireApart(String parameter, String root, String otherRoot) {
    String target = target(root);
    String otherTarget = target(otherRoot);
    if (isWithin(target, otherTarget) || isWithin(otherTarget, target)) {
      throw overlapping(parameter, root, otherRoot);
    }
  }

  private String target(String location) {
    return comparable(files.target(location));
  }

  /** Differs for {@code mesh:/data} in the folder of the mesh and {@code /data} on a disk. */
  private String comparable(String location) {
    String comparable = CanonicalLocation.comparable(location);
    return location.startsWith(meshRoot + "/") ? INSIDE + comparable : comparable;
  }

  /** True for a comparable location in a folder, or the folder itself. */
  private static boolean isWithin(String location, String folder) {
    return (location + "/").startsWith(folder + "/");
  }

  private static InvalidRequestException overlapping(
      String parameter, String root, String otherRoot) {
    return ArgumentChecks.refused(
        parameter,
        "is '" + root + "', which leads to the same files as '" + otherRoot + "'",
        "Use a folder outside the mesh and outside other places.");
  }
}
