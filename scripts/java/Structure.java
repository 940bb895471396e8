import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Prints the figures of the code's structure as one JSON object. Usage: Structure ROOT */
public final class Structure {
  private static final Pattern WORD = Pattern.compile("[A-Z][a-z0-9]*|[A-Z]+(?![a-z])");
  private static final String ROOT_PACKAGE = "io.meshwork";

  private final Map<String, Integer> publicTypes = new TreeMap<>();
  private final Map<String, Integer> publicTypesNested = new TreeMap<>();
  private final Map<String, Integer> lines = new TreeMap<>();
  private final Map<String, Set<String>> imports = new TreeMap<>();
  private final Map<String, Set<String>> typesByPackage = new TreeMap<>();
  private final List<Source> units = new ArrayList<>();

  /** By package, and by its source files, the types of the package that each file names. */
  private final Map<String, Map<String, Set<String>>> namesByFile = new TreeMap<>();

  private int largestPackage;
  private int duplicateTypeNames;
  private int publicTypesInInternal;
  private int types;
  private int oneWordTypes;
  private int foreignTypes;

  private record Source(String module, CompilationUnitTree unit) {}

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    Structure structure = new Structure();
    for (Path module : modules(root)) {
      structure.add(module.getFileName().toString(), module.resolve("src/main/java"));
      structure.addPackages(module.resolve("src/main/java"));
      structure.addPackages(module.resolve("src/test/java"));
    }
    structure.units.forEach(source -> structure.add(source.module(), source.unit()));
    System.out.println(structure.json(root));
  }

  /** The folders that hold a pom.xml and main sources, wherever they lie below the root. */
  private static List<Path> modules(Path root) throws IOException {
    List<Path> modules = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            if (name.equals("target") || name.equals("src") || name.startsWith(".")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            if (Files.isRegularFile(folder.resolve("pom.xml"))
                && Files.isDirectory(folder.resolve("src/main/java"))) {
              modules.add(folder);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    modules.sort(null);
    return modules;
  }

  private void add(String module, Path sources) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(sources)) {
      files = all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    publicTypes.put(module, 0);
    publicTypesNested.put(module, 0);
    int count = 0;
    for (Path file : files) {
      count += Files.readAllLines(file).size();
    }
    lines.put(module, count);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      Set<String> ofModule = new HashSet<>();
      for (CompilationUnitTree unit : task.parse()) {
        units.add(new Source(module, unit));
        Set<String> names =
            typesByPackage.computeIfAbsent(
                unit.getPackageName().toString(), any -> new TreeSet<>());
        for (Tree declared : unit.getTypeDecls()) {
          if (declared instanceof ClassTree type) {
            String name = type.getSimpleName().toString();
            names.add(name);
            duplicateTypeNames += ofModule.add(name) ? 0 : 1;
          }
        }
      }
    }
  }

  /** Counts the source files of each package of a folder, which may be missing. */
  private void addPackages(Path sources) throws IOException {
    if (!Files.isDirectory(sources)) {
      return;
    }
    try (Stream<Path> all = Files.walk(sources)) {
      all.filter(file -> file.toString().endsWith(".java"))
          .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()))
          .values()
          .forEach(files -> largestPackage = Math.max(largestPackage, files.intValue()));
    }
  }

  private void add(String module, CompilationUnitTree unit) {
    String packageName = unit.getPackageName().toString();
    boolean internal = isInternal(packageName);
    Set<String> internalNames = new HashSet<>();
    Set<String> imported = imports.computeIfAbsent(packageName, any -> new TreeSet<>());
    for (ImportTree tree : unit.getImports()) {
      String name = tree.getQualifiedIdentifier().toString();
      String from = packageOf(name);
      if (from.startsWith(ROOT_PACKAGE) && !from.equals(packageName)) {
        imported.add(from);
        if (isInternal(from) && name.endsWith(".*")) {
          internalNames.addAll(typesByPackage.getOrDefault(from, Set.of()));
        } else if (isInternal(from)) {
          internalNames.add(name.substring(name.lastIndexOf('.') + 1));
        }
      }
    }
    namesByFile
        .computeIfAbsent(packageName, any -> new TreeMap<>())
        .put(unit.getSourceFile().getName(), typesNamed(unit, packageName));
    for (Tree declared : unit.getTypeDecls()) {
      qualifiedPackages(declared).stream()
          .filter(from -> !from.equals(packageName))
          .forEach(imported::add);
      if (declared instanceof ClassTree type) {
        types++;
        if (WORD.matcher(type.getSimpleName()).results().count() == 1) {
          oneWordTypes++;
        }
        if (type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
          if (internal) {
            publicTypesInInternal++;
          } else {
            publicTypes.merge(module, 1, Integer::sum);
            publicTypesNested.merge(module, shownTypes(type), Integer::sum);
            foreignTypes += foreignMembers(type, internalNames);
          }
        }
      }
    }
  }

  /** A type that others see, and those that are nested in it. */
  private static int shownTypes(ClassTree type) {
    boolean all =
        type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
    return 1
        + type.getMembers().stream()
            .filter(ClassTree.class::isInstance)
            .map(ClassTree.class::cast)
            .filter(nested -> isShown(nested.getModifiers().getFlags(), all))
            .mapToInt(Structure::shownTypes)
            .sum();
  }

  /** The top-level types of its own package that a source file names. */
  private Set<String> typesNamed(CompilationUnitTree unit, String packageName) {
    Set<String> types = typesByPackage.getOrDefault(packageName, Set.of());
    Set<String> named = new TreeSet<>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitIdentifier(IdentifierTree name, Void unused) {
        if (types.contains(name.getName().toString())) {
          named.add(name.getName().toString());
        }
        return null;
      }
    }.scan(unit.getTypeDecls(), null);
    return named;
  }

  /**
   * The layers of each package: the longest chain of source files of which each names a type of the
   * next, where files that name each other are one layer.
   */
  private Map<String, Integer> layers() {
    Map<String, Integer> layers = new TreeMap<>();
    namesByFile.forEach((name, files) -> layers.put(name, new Layers(files).count()));
    return layers;
  }

  /** The layers of a package, by Tarjan's strongly connected components. */
  private static final class Layers {
    private final Map<String, Set<String>> next = new TreeMap<>();
    private final Map<String, Integer> index = new TreeMap<>();
    private final Map<String, Integer> lowest = new TreeMap<>();
    private final Map<String, Integer> depth = new TreeMap<>();
    private final Deque<String> open = new ArrayDeque<>();

    Layers(Map<String, Set<String>> namesByFile) {
      namesByFile.forEach(
          (file, names) -> next.put(Path.of(file).getFileName().toString(), files(names)));
    }

    private static Set<String> files(Set<String> types) {
      return types.stream().map(type -> type + ".java").collect(Collectors.toSet());
    }

    int count() {
      next.keySet().stream().filter(file -> !index.containsKey(file)).forEach(this::visit);
      return depth.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private void visit(String file) {
      index.put(file, index.size());
      lowest.put(file, index.get(file));
      open.push(file);
      for (String other : next.get(file)) {
        if (!next.containsKey(other)) {
          continue; // a type in a file of another name
        }
        if (!index.containsKey(other)) {
          visit(other);
          lowest.merge(file, lowest.get(other), Math::min);
        } else if (open.contains(other)) {
          lowest.merge(file, index.get(other), Math::min);
        }
      }
      if (lowest.get(file).equals(index.get(file))) {
        closeComponent(file);
      }
    }

    private void closeComponent(String root) {
      Set<String> component = new TreeSet<>();
      String file;
      do {
        file = open.pop();
        component.add(file);
      } while (!file.equals(root));
      int below =
          component.stream()
              .flatMap(each -> next.get(each).stream())
              .filter(other -> !component.contains(other))
              .mapToInt(other -> depth.getOrDefault(other, 0))
              .max()
              .orElse(0);
      component.forEach(each -> depth.put(each, below + 1));
    }
  }

  private static long words(Path text) {
    try {
      return Files.readString(text).trim().split("\\s+").length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pages of a folder and of the folders in it; none if it is missing. */
  private static List<Path> pages(Path folder, int depth) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder, depth)) {
      return all.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  /** The packages of ours whose types a tree names in full. */
  private Set<String> qualifiedPackages(Tree tree) {
    Set<String> packages = new TreeSet<>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitMemberSelect(MemberSelectTree name, Void unused) {
        qualifiedPackage(name).ifPresent(packages::add);
        return super.visitMemberSelect(name, null);
      }
    }.scan(tree, null);
    return packages;
  }

  /** The package of a name such as {@code io.meshwork.product.Snapshot}. */
  private Optional<String> qualifiedPackage(MemberSelectTree name) {
    String text = name.toString();
    String from = text.startsWith(ROOT_PACKAGE + ".") ? packageOf(text) : "";
    return typesByPackage.containsKey(from) && from.length() < text.length()
        ? Optional.of(from)
        : Optional.empty();
  }

  /** Types and members that others see and whose declaration names a type of an internal package. */
  private int foreignMembers(ClassTree type, Set<String> internalNames) {
    boolean all =
        type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
    List<Tree> header = new ArrayList<>(type.getTypeParameters());
    header.addAll(type.getImplementsClause());
    if (type.getExtendsClause() != null) {
      header.add(type.getExtendsClause());
    }
    int found = names(header, internalNames) ? 1 : 0;
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method && isShown(method.getModifiers().getFlags(), all)) {
        List<Tree> signature = new ArrayList<>(method.getTypeParameters());
        method.getParameters().stream().map(VariableTree::getType).forEach(signature::add);
        if (method.getReturnType() != null) {
          signature.add(method.getReturnType());
        }
        signature.addAll(method.getThrows());
        found += names(signature, internalNames) ? 1 : 0;
      } else if (member instanceof VariableTree field
          && (isShown(field.getModifiers().getFlags(), all) || isComponent(type, field))) {
        found += names(List.of(field.getType()), internalNames) ? 1 : 0;
      } else if (member instanceof ClassTree nested
          && isShown(nested.getModifiers().getFlags(), all)) {
        found += foreignMembers(nested, internalNames);
      }
    }
    return found;
  }

  /** True for a component of a record, whose accessor is public; a record has no other fields. */
  private static boolean isComponent(ClassTree type, VariableTree field) {
    return type.getKind() == Tree.Kind.RECORD
        && !field.getModifiers().getFlags().contains(Modifier.STATIC);
  }

  private static boolean isShown(Set<Modifier> flags, boolean all) {
    return flags.contains(Modifier.PUBLIC)
        || flags.contains(Modifier.PROTECTED)
        || (all && !flags.contains(Modifier.PRIVATE));
  }

  private boolean names(List<Tree> signature, Set<String> internalNames) {
    boolean[] found = {false};
    TreeScanner<Void, Void> scanner =
        new TreeScanner<>() {
          @Override
          public Void visitIdentifier(IdentifierTree name, Void unused) {
            found[0] |= internalNames.contains(name.getName().toString());
            return null;
          }

          @Override
          public Void visitMemberSelect(MemberSelectTree name, Void unused) {
            found[0] |= qualifiedPackage(name).filter(Structure::isInternal).isPresent();
            return super.visitMemberSelect(name, null);
          }
        };
    scanner.scan(signature, null);
    return found[0];
  }

  private static boolean isInternal(String packageName) {
    return (packageName + ".").contains(".internal.");
  }

  private static String packageOf(String imported) {
    List<String> parts = new ArrayList<>();
    for (String part : imported.split("\\.", -1)) {
      if (part.isEmpty() || Character.isUpperCase(part.charAt(0)) || part.equals("*")) {
        break;
      }
      parts.add(part);
    }
    return String.join(".", parts);
  }

  /** How many packages reach themselves through imports. */
  private long packagesInCycles() {
    return imports.keySet().stream().filter(this::reachesItself).count();
  }

  private boolean reachesItself(String packageName) {
    Set<String> reached = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(imports.get(packageName));
    while (!open.isEmpty()) {
      String next = open.remove();
      if (reached.add(next)) {
        open.addAll(imports.getOrDefault(next, Set.of()));
      }
    }
    return reached.contains(packageName);
  }

  private String json(Path root) throws IOException {
    Path docs = root.resolve("docs");
    List<Path> texts = new ArrayList<>(pages(docs, Integer.MAX_VALUE));
    Path readme = root.resolve("README.md");
    if (Files.isRegularFile(readme)) {
      texts.add(readme);
    }
    Map<String, Integer> layers = layers();
    int deepest = layers.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    layers.values().removeIf(count -> count < deepest);
    return String.format(
        Locale.ROOT,
        "{\"publicTypes\":%s,\"publicTypesNested\":%s,\"publicTypesInInternal\":%d,"
            + "\"packageCycles\":%d,\"largestPackage\":%d,\"deepestPackage\":%d,"
            + "\"deepestPackages\":%s,\"oneWordTypeShare\":%.3f,\"duplicateTypeNames\":%d,\"foreignTypesInApi\":%d,"
            + "\"docsWords\":%d,\"longestGuide\":%d,\"mainLines\":%s}",
        object(publicTypes),
        object(publicTypesNested),
        publicTypesInInternal,
        packagesInCycles(),
        largestPackage,
        deepest,
        object(layers),
        types == 0 ? 0 : (double) oneWordTypes / types,
        duplicateTypeNames,
        foreignTypes,
        texts.stream().mapToLong(Structure::words).sum(),
        pages(docs, 1).stream().mapToLong(Structure::words).max().orElse(0),
        object(lines));
  }

  private static String object(Map<String, Integer> numbers) {
    return numbers.entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
