package io.meshwork.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One Java source as text, laid out by google-java-format: top-level types begin in the first
 * column, members are indented, a declaration begins its own line.
 */
record SourceText(Path path, List<String> lines) {
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
  private static final Pattern IMPORT =
      Pattern.compile("import (?:static )?([\\w.]+?)(?:\\.\\*)?;");
  private static final Pattern TYPE =
      Pattern.compile(
          "( *)public (?:(?:static|abstract|final|sealed|non-sealed|strictfp) )*"
              + "(?:class|interface|record|enum|@interface) (\\w+).*");

  /** A declaration of a type, nested or not; comments begin with other characters. */
  private static final Pattern DECLARATION =
      Pattern.compile(
          "^ *(?:(?:public|protected|private|static|abstract|final|sealed|non-sealed|strictfp) )*"
              + "(?:class|interface|record|enum|@interface) ([A-Z]\\w*)");

  /** A name of one of our types with its package, but for imports, comments, and text. */
  private static final Pattern QUALIFIED =
      Pattern.compile("^[^*/\"]*?\\bio\\.meshwork\\.(?:[a-z]\\w*\\.)*[A-Z]\\w*");

  static SourceText read(Path path) throws IOException {
    return new SourceText(path, Files.readAllLines(path));
  }

  String name() {
    return path.getFileName().toString();
  }

  boolean isPackageInfo() {
    return name().equals("package-info.java");
  }

  String packageName() {
    for (String line : lines) {
      Matcher matcher = PACKAGE.matcher(line);
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    throw new AssertionError(path + " names no package");
  }

  /** True if users are not meant to import from the file's package. */
  boolean isInternal() {
    List<String> parts = List.of(packageName().split("\\.", -1));
    return parts.contains("internal") || parts.contains("impl");
  }

  /** The packages of ours that the file imports from, other than its own. */
  Set<String> importedPackages() {
    Set<String> packages = new TreeSet<>();
    for (String line : lines) {
      Matcher matcher = IMPORT.matcher(line);
      if (matcher.matches() && matcher.group(1).startsWith(PackageOrder.ROOT)) {
        String imported = packageOf(matcher.group(1));
        if (!imported.equals(packageName())) {
          packages.add(imported);
        }
      }
    }
    return packages;
  }

  /** The leading parts of a name up to the first that begins with a capital letter. */
  private static String packageOf(String imported) {
    List<String> parts = new ArrayList<>();
    for (String part : imported.split("\\.", -1)) {
      if (Character.isUpperCase(part.charAt(0))) {
        break;
      }
      parts.add(part);
    }
    return String.join(".", parts);
  }

  /** The public types that are not nested in another. */
  List<String> publicTopLevelTypes() {
    List<String> types = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = TYPE.matcher(line);
      if (matcher.matches() && matcher.group(1).isEmpty()) {
        types.add(packageName() + "." + matcher.group(2));
      }
    }
    return types;
  }

  /** The names of all types, nested ones too. */
  List<String> declaredTypes() {
    List<String> types = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = DECLARATION.matcher(line);
      if (matcher.find()) {
        types.add(matcher.group(1));
      }
    }
    return types;
  }

  /** The lines that name one of our types with its package instead of importing it. */
  List<String> qualifiedNames() {
    return lines.stream()
        .filter(line -> !line.startsWith("import ") && !line.startsWith("package "))
        .filter(line -> QUALIFIED.matcher(line).find())
        .map(line -> path + ": " + line.strip())
        .toList();
  }

  /** The public types, nested ones too, that have no Javadoc. */
  List<String> publicTypesWithoutJavadoc() {
    List<String> types = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = TYPE.matcher(lines.get(i));
      if (matcher.matches() && !endsJavadoc(i - 1, matcher.group(1))) {
        types.add(path + ": " + matcher.group(2));
      }
    }
    return types;
  }

  /** True if Javadoc ends at the line or above it, with nothing but annotations in between. */
  private boolean endsJavadoc(int line, String indent) {
    int at = line;
    while (at >= 0 && isPartOfAnnotation(lines.get(at), indent)) {
      at--;
    }
    if (at < 0 || !lines.get(at).strip().endsWith("*/")) {
      return false;
    }
    while (at > 0 && !lines.get(at).strip().startsWith("/*")) {
      at--;
    }
    return lines.get(at).strip().startsWith("/**");
  }

  private static boolean isPartOfAnnotation(String line, String indent) {
    return line.startsWith(indent + "@")
        || line.equals(indent + "})")
        || line.equals(indent + ")")
        || (line.startsWith(indent + "  ") && !line.strip().startsWith("*"));
  }

  /** True if the file contains the text. */
  boolean names(String text) {
    return lines.stream().anyMatch(line -> line.contains(text));
  }
}
