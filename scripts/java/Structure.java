import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
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
  private final Map<String, Integer> lines = new TreeMap<>();
  private final Map<String, Set<String>> imports = new TreeMap<>();
  private int publicTypesInInternal;
  private int types;
  private int oneWordTypes;
  private int foreignTypes;

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    Structure structure = new Structure();
    for (Path module : modules(root)) {
      structure.add(module.getFileName().toString(), module.resolve("src/main/java"));
    }
    System.out.println(structure.json());
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
      for (CompilationUnitTree unit : task.parse()) {
        add(module, unit);
      }
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
        if (isInternal(from)) {
          internalNames.add(name.substring(name.lastIndexOf('.') + 1));
        }
      }
    }
    for (Tree declared : unit.getTypeDecls()) {
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
            foreignTypes += foreignMembers(type, internalNames);
          }
        }
      }
    }
  }

  /** Members that others see and whose signature names a type of an internal package. */
  private static int foreignMembers(ClassTree type, Set<String> internalNames) {
    boolean all = type.getKind() == Tree.Kind.INTERFACE;
    int found = 0;
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method && (all || isShown(method.getModifiers().getFlags()))) {
        List<Tree> signature = new ArrayList<>(method.getParameters().stream().map(VariableTree::getType).toList());
        if (method.getReturnType() != null) {
          signature.add(method.getReturnType());
        }
        signature.addAll(method.getThrows());
        found += names(signature, internalNames) ? 1 : 0;
      } else if (member instanceof VariableTree field && isShown(field.getModifiers().getFlags())) {
        found += names(List.of(field.getType()), internalNames) ? 1 : 0;
      } else if (member instanceof ClassTree nested
          && (all || isShown(nested.getModifiers().getFlags()))) {
        found += foreignMembers(nested, internalNames);
      }
    }
    return found;
  }

  private static boolean isShown(Set<Modifier> flags) {
    return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
  }

  private static boolean names(List<Tree> signature, Set<String> internalNames) {
    boolean[] found = {false};
    TreeScanner<Void, Void> scanner =
        new TreeScanner<>() {
          @Override
          public Void visitIdentifier(IdentifierTree name, Void unused) {
            found[0] |= internalNames.contains(name.getName().toString());
            return null;
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

  private String json() {
    return String.format(
        Locale.ROOT,
        "{\"publicTypes\":%s,\"publicTypesInInternal\":%d,\"packageCycles\":%d,"
            + "\"oneWordTypeShare\":%.3f,\"foreignTypesInApi\":%d,\"mainLines\":%s}",
        object(publicTypes),
        publicTypesInInternal,
        packagesInCycles(),
        types == 0 ? 0 : (double) oneWordTypes / types,
        foreignTypes,
        object(lines));
  }

  private static String object(Map<String, Integer> numbers) {
    return numbers.entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
