import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Writes the public API of the published modules as text, one line for each public or protected type
 * and member outside internal packages, sorted. Usage: ApiDump [--check]
 *
 * <p>It reads sources only, and names types as the sources do. With {@code --check} it compares, prints each line that was added or
 * removed, and exits 1 if there is one.
 */
final class ApiDump {
  /** The folders of the modules of mesh-bom that have an API for programs. */
  private static final List<String> MODULES =
      List.of(
          "mesh-core",
          "mesh-testkit",
          "mesh-aws-testkit",
          "mesh-aws",
          "mesh-aws-mirrors",
          "extensions/mesh-aws-operations",
          "extensions/mesh-iceberg",
          "extensions/mesh-spark",
          "extensions/mesh-odcs",
          "extensions/mesh-parquet-hadoop",
          "extensions/mesh-portal",
          "extensions/mesh-interchange",
          "extensions/mesh-cli",
          "verification/mesh-conformance");

  private static final Path FOLDER = Path.of("docs/api");

  private final Set<String> lines = new TreeSet<>();

  public static void main(String[] arguments) throws IOException {
    boolean check = arguments.length == 1 && arguments[0].equals("--check");
    if (arguments.length > (check ? 1 : 0)) {
      System.err.println("Usage: ApiDump [--check]");
      System.exit(2);
    }
    boolean same = true;
    for (String module : MODULES) {
      Path file = FOLDER.resolve(Path.of(module).getFileName() + ".txt");
      Set<String> now = new ApiDump().of(Path.of(module, "src/main/java"));
      if (check) {
        same &= isSame(file, now);
      } else {
        Files.createDirectories(FOLDER);
        Files.writeString(file, String.join("\n", now) + (now.isEmpty() ? "" : "\n"));
        System.out.println("Wrote " + file + ".");
      }
    }
    if (!same) {
      System.err.println("The API differs from docs/api. Run scripts/api-dump and commit the result.");
      System.exit(1);
    }
  }

  private static boolean isSame(Path file, Set<String> now) throws IOException {
    Set<String> before = new TreeSet<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
    Set<String> all = new TreeSet<>(before);
    all.addAll(now);
    for (String line : all) {
      if (!now.contains(line)) {
        System.err.println(file + ": - " + line);
      } else if (!before.contains(line)) {
        System.err.println(file + ": + " + line);
      }
    }
    return before.equals(now);
  }

  private Set<String> of(Path sources) throws IOException {
    if (!Files.isDirectory(sources)) {
      return lines;
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(sources)) {
      files = all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      for (CompilationUnitTree unit : task.parse()) {
        String packageName = unit.getPackageName().toString();
        if ((packageName + ".").contains(".internal.")) {
          continue;
        }
        for (Tree declared : unit.getTypeDecls()) {
          if (declared instanceof ClassTree type && isShown(type.getModifiers().getFlags())) {
            add(packageName + "." + type.getSimpleName(), type);
          }
        }
      }
    }
    return lines;
  }

  private void add(String name, ClassTree type) {
    lines.add(name + ": " + header(type));
    boolean all = isInterface(type);
    boolean isRecord = type.getKind() == Tree.Kind.RECORD;
    boolean isEnum = type.getKind() == Tree.Kind.ENUM;
    Set<String> accessors = new HashSet<>();
    List<String> components = new ArrayList<>();
    boolean constructor = false;
    for (Tree member : type.getMembers()) {
      if (member instanceof VariableTree field) {
        Set<Modifier> flags = field.getModifiers().getFlags();
        if (isRecord && !flags.contains(Modifier.STATIC)) {
          components.add(text(field.getType()) + " " + field.getName());
          accessors.add(field.getName().toString());
          lines.add(name + ": public " + text(field.getType()) + " " + field.getName() + "()");
        } else if (isEnum && isConstant(field, type)) {
          lines.add(name + ": " + field.getName());
        } else if (all || isShown(flags)) {
          lines.add(
              name
                  + ": "
                  + modifiers(flags, all ? "public static final " : "")
                  + text(field.getType())
                  + " "
                  + field.getName()
                  + value(field, all || flags.contains(Modifier.FINAL)));
        }
      } else if (member instanceof MethodTree method) {
        Set<Modifier> flags = method.getModifiers().getFlags();
        boolean constructs = method.getReturnType() == null;
        if (constructs) {
          constructor = true;
        }
        boolean shown = all ? !flags.contains(Modifier.PRIVATE) : isShown(flags);
        boolean generated =
            isRecord && method.getParameters().isEmpty()
                && accessors.contains(method.getName().toString());
        boolean compact = isRecord && constructs && method.getParameters().isEmpty();
        if (shown && !generated && !compact && !isOverridden(method)) {
          lines.add(name + ": " + signature(type, method, all));
        }
      } else if (member instanceof ClassTree nested
          && (all || isShown(nested.getModifiers().getFlags()))) {
        add(name + "." + nested.getSimpleName(), nested);
      }
    }
    if (isRecord) {
      lines.add(name + ": public " + type.getSimpleName() + "(" + join(components) + ")");
    } else if (type.getKind() == Tree.Kind.CLASS && !constructor) {
      lines.add(name + ": public " + type.getSimpleName() + "()");
    }
  }

  /** Members that every object has, which say nothing of their own. */
  private static boolean isOverridden(MethodTree method) {
    String name = method.getName().toString();
    int parameters = method.getParameters().size();
    return (parameters == 0 && (name.equals("toString") || name.equals("hashCode")))
        || (parameters == 1 && name.equals("equals"));
  }

  private static boolean isConstant(VariableTree field, ClassTree type) {
    return field.getModifiers().getFlags().contains(Modifier.STATIC)
        && text(field.getType()).equals(type.getSimpleName().toString())
        && field.getModifiers().getFlags().contains(Modifier.FINAL)
        && field.getModifiers().getFlags().contains(Modifier.PUBLIC);
  }

  private static boolean isInterface(ClassTree type) {
    return type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
  }

  private static boolean isShown(Set<Modifier> flags) {
    return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
  }

  private static String header(ClassTree type) {
    StringBuilder text = new StringBuilder();
    Set<Modifier> flags = type.getModifiers().getFlags();
    String keyword =
        switch (type.getKind()) {
          case INTERFACE -> "interface";
          case ANNOTATION_TYPE -> "@interface";
          case ENUM -> "enum";
          case RECORD -> "record";
          default -> "class";
        };
    boolean implied = keyword.equals("record") || keyword.equals("enum");
    text.append(flags.contains(Modifier.PROTECTED) ? "protected " : "public ");
    for (Modifier modifier : List.of(Modifier.ABSTRACT, Modifier.SEALED, Modifier.FINAL)) {
      if (flags.contains(modifier) && !implied && !isInterface(type)) {
        text.append(modifier).append(' ');
      } else if (modifier == Modifier.SEALED && flags.contains(modifier)) {
        text.append("sealed ");
      }
    }
    text.append(keyword).append(' ').append(type.getSimpleName());
    text.append(parameters(type.getTypeParameters()));
    if (type.getExtendsClause() != null) {
      text.append(" extends ").append(text(type.getExtendsClause()));
    }
    if (!type.getImplementsClause().isEmpty()) {
      text.append(isInterface(type) ? " extends " : " implements ");
      text.append(texts(type.getImplementsClause()));
    }
    return text.toString();
  }

  private static String signature(ClassTree type, MethodTree method, boolean inInterface) {
    Set<Modifier> flags = method.getModifiers().getFlags();
    StringBuilder text = new StringBuilder();
    text.append(modifiers(flags, inInterface ? "public " : ""));
    String parameters = parameters(method.getTypeParameters());
    text.append(parameters).append(parameters.isEmpty() ? "" : " ");
    if (method.getReturnType() == null) {
      text.append(type.getSimpleName());
    } else {
      text.append(text(method.getReturnType())).append(' ').append(method.getName());
    }
    text.append('(');
    text.append(
        join(
            method.getParameters().stream()
                .map(ApiDump::text)
                .toList()));
    text.append(')');
    if (!method.getThrows().isEmpty()) {
      text.append(" throws ").append(texts(method.getThrows()));
    }
    return method.getDefaultValue() == null
        ? text.toString()
        : text + " default " + method.getDefaultValue();
  }

  private static String modifiers(Set<Modifier> flags, String implied) {
    StringBuilder text = new StringBuilder(implied);
    for (Modifier modifier :
        List.of(
            Modifier.PUBLIC,
            Modifier.PROTECTED,
            Modifier.ABSTRACT,
            Modifier.DEFAULT,
            Modifier.STATIC,
            Modifier.FINAL)) {
      if (flags.contains(modifier) && !text.toString().contains(modifier + " ")) {
        text.append(modifier).append(' ');
      }
    }
    return text.toString();
  }

  private static String value(VariableTree field, boolean isFinal) {
    ExpressionTree value = field.getInitializer();
    boolean literal =
        value != null
            && switch (value.getKind()) {
              case STRING_LITERAL, INT_LITERAL, LONG_LITERAL, BOOLEAN_LITERAL, UNARY_MINUS -> true;
              default -> false;
            };
    return isFinal && literal ? " = " + value : "";
  }

  private static String parameters(List<? extends TypeParameterTree> parameters) {
    return parameters.isEmpty()
        ? ""
        : "<" + parameters.stream().map(ApiDump::text).collect(Collectors.joining(", ")) + ">";
  }

  private static String texts(List<? extends Tree> trees) {
    return join(trees.stream().map(ApiDump::text).toList());
  }

  private static String join(List<String> parts) {
    return String.join(", ", parts);
  }

  /** The tree as source text in one line. */
  private static String text(Tree tree) {
    return tree.toString().replaceAll("\\s+", " ").replace("@Nullable()", "@Nullable")
        .replaceAll("@Json\\w+(\\([^)]*\\))? ?", "").trim();
  }
}
