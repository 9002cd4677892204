using System.Runtime.InteropServices;
using System.Text.Json;
using dnlib.DotNet;
using dnlib.DotNet.Emit;
using SharpFuzz;

namespace HyperVDash.Fuzz.Coverage;

/// <summary>The blocks that a copy of the product's assemblies reports when they run.</summary>
internal sealed record InstrumentedCode(IReadOnlyList<InstrumentedMethod> Methods)
{
    private const string ListName = "blocks.json";

    private static readonly string[] Assemblies = ["HyperVDash.Cim.dll", "HyperVDash.Agent.dll"];

    /// <summary>Copies the program to a folder and instruments the code whose types begin with one of the names.</summary>
    public static void Write(string program, string folder, IReadOnlyCollection<string> types)
    {
        Copy(program, folder);
        Environment.SetEnvironmentVariable("SHARPFUZZ_ENABLE_ON_BRANCH_CALLBACK", "1");
        var methods = new List<InstrumentedMethod>();
        foreach (string assembly in Assemblies.Select(a => Path.Combine(folder, a)))
        {
            // The list is lazy: the file is written when it has been walked.
            _ = Fuzzer.Instrument(assembly, type => IsOf(type, types), Options.Value).Count();
            using var module = ModuleDefMD.Load(File.ReadAllBytes(assembly));
            methods.AddRange(module.GetTypes().SelectMany(t => t.Methods).Where(IsWritten).Select(m => new InstrumentedMethod(m.DeclaringType.FullName, m.Name, [.. Blocks(m.Body)])).Where(m => m.Blocks.Count > 0));
        }

        File.WriteAllText(Path.Combine(folder, ListName), JsonSerializer.Serialize(methods));
    }

    /// <summary>The list beside this program, and every block reporting to <see cref="BlockMap"/>; null: nothing is instrumented.</summary>
    public static unsafe InstrumentedCode? Load()
    {
        string list = Path.Combine(AppContext.BaseDirectory, ListName);
        if (!File.Exists(list))
        {
            return null;
        }

        // Its own counters are not read, but the code writes them.
        SharpFuzz.Common.Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(1 << 16);
        SharpFuzz.Common.Trace.OnBranch = BlockMap.Visit;
        return new InstrumentedCode(JsonSerializer.Deserialize<List<InstrumentedMethod>>(File.ReadAllText(list))!);
    }

    public CoverageCount Count(IReadOnlyCollection<string> types)
    {
        var all = Methods.Where(m => IsOf(m.Type, types)).Select(m => ($"{m.Type}.{m.Name}", Run: m.Blocks.Count(BlockMap.HasRun), m.Blocks.Count)).ToList();
        return new CoverageCount(all.Sum(m => m.Run), all.Sum(m => m.Count), [.. all.Where(m => m.Run < m.Count)]);
    }

    // What the compiler adds to a record, and what runs once before anything is counted, says nothing about inputs.
    private static bool IsWritten(MethodDef method) =>
        method.HasBody && !method.IsStaticConstructor && !method.CustomAttributes.IsDefined("System.Runtime.CompilerServices.CompilerGeneratedAttribute");

    /// <summary>The type itself, or one inside it.</summary>
    private static bool IsOf(string type, IReadOnlyCollection<string> types) =>
        types.Any(t => type.StartsWith(t, StringComparison.Ordinal) && (type.Length == t.Length || type[t.Length] == '/'));

    /// <summary>A block begins with the store of its number; the number stands before the map is read.</summary>
    private static IEnumerable<int> Blocks(CilBody body)
    {
        for (int i = 0; i + 1 < body.Instructions.Count; i++)
        {
            if (body.Instructions[i].Operand is IField { Name.String: "SharedMem" } && body.Instructions[i + 1].IsLdcI4())
            {
                yield return body.Instructions[i + 1].GetLdcI4Value();
            }
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}

/// <summary>A method and the numbers of its blocks.</summary>
internal sealed record InstrumentedMethod(string Type, string Name, IReadOnlyList<int> Blocks);
