# Sourced by the scripts beside it that start Spark.

# Makes the jar of mesh-spark, and the class path of a version of Spark, with a version of Iceberg if one is
# given. Sets spark_name, by which SparkLaunch finds the class path, and spark_options, for its JVM.
spark_jars() {
  local scripts pom folder jar arguments=()
  scripts=$(CDPATH= cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  pom=$scripts/../extensions/mesh-spark/spark/spark-$1.xml
  if [[ ! -f $pom ]]; then
    echo "There is no Spark '$1' here. Use 3.5, 4.0, or 4.1." >&2
    exit 2
  fi
  spark_name=$1
  if [[ -n ${2-} ]]; then
    spark_name=$1-iceberg-$2
    arguments=("-Diceberg=$2")
  fi
  folder=$scripts/../target/run
  jar=$("$scripts/build-once" --jar mesh-spark)
  local list=$folder/spark-$spark_name.classpath
  if [[ ! -f $list || $pom -nt $list ]]; then
    echo "Finding the jars of Spark $1; Maven downloads those that are missing." >&2
    if ! "$scripts/maven" -B -q -ntp -f "$pom" ${arguments[@]+"${arguments[@]}"} dependency:build-classpath \
      "-Dmdep.outputFile=$list.new" </dev/null >"$list.log" 2>&1; then
      cat "$list.log" >&2
      echo "Cannot find the jars of Spark $1 with Iceberg ${2:-of its POM}." >&2
      exit 1
    fi
    mv "$list.new" "$list"
  fi
  spark_options=("-Dmesh.spark.jar=$jar" "-Dmesh.spark.classpaths=$folder")
}
