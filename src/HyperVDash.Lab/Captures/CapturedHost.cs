using HyperVDash.Cim;
using HyperVDash.Cim.Capture;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Schema;
using HyperVDash.Lab.WsMan;

namespace HyperVDash.Lab.Captures;

/// <summary>A host that answers what a capture file holds, and for everything else that it knows no such class.</summary>
public static class CapturedHost
{
    /// <param name="file">May be closed once the host is made, but not before its last method call.</param>
    public static LabHost Of(CaptureFile file)
    {
        var system = file.Entries.Where(e => e.Error is null && Is(e.Class, "Win32_OperatingSystem")).SelectMany(e => file.Rows(e)).FirstOrDefault();
        var host = new LabHost(file.Header.Host, LabRelease.Get(ReleaseOf(system)))
        {
            IsOpenEnded = true,
            WindowsVersion = system?.String("Version") ?? "10.0.20348",
        };
        foreach (var answers in file.Entries.GroupBy(e => (e.Namespace.ToUpperInvariant(), e.Class.ToUpperInvariant())))
        {
            Add(host, file, [.. answers]);
        }

        foreach (var call in file.Calls.DistinctBy(c => (c.Class.ToUpperInvariant(), c.Method.ToUpperInvariant())))
        {
            host.Answer(call.Class, call.Method, asked => Answer(file, call.Class, asked));
        }

        return host;
    }

    private static void Add(LabHost host, CaptureFile file, List<CaptureEntry> answers)
    {
        var held = answers.Where(a => a.Error is null).ToList();
        if (held.Count == 0)
        {
            host.Errors[(answers[0].Namespace, answers[0].Class)] = Code(answers[0].Error!);
            return;
        }

        // What was asked whole says everything; parts are put together, each instance once.
        var whole = held.Find(a => a is { Where: null, Columns: null });
        var merged = new Dictionary<string, LabInstance>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in whole is null ? held : [whole])
        {
            host.Declare(entry.Namespace, entry.Class);
            foreach (var row in file.Rows(entry))
            {
                var known = host.Release.Find(entry.Namespace, row.ClassName);
                var values = new CapturedValues(entry.Types, known);
                if (whole is null && known?.Keys is { IsEmpty: false } keys && keys.All(row.Has))
                {
                    string id = string.Join('\n', keys.Select(row.String));
                    if (merged.TryGetValue(id, out var earlier))
                    {
                        values.CopyTo(earlier, row);
                        continue;
                    }

                    merged.Add(id, values.Instance(row));
                    host.Add(entry.Namespace, entry.Class, merged[id]);
                }
                else
                {
                    host.Add(entry.Namespace, entry.Class, values.Instance(row));
                }
            }
        }
    }

    private static LabAnswer Answer(CaptureFile file, string className, LabCall asked)
    {
        var call = new CimCall(asked.Namespace, className, asked.Method)
        {
            Arguments = [.. asked.Arguments.Select(a => new CimArgument(a.Key, CimType.String, a.Value.Select(CapturedValues.Argument).ToList()))],
        };
        return file.FindCall(call) switch
        {
            { Error: { } error } => throw SoapFault.Wbem(Code(error)),
            { Reply: { } reply } => new LabAnswer(reply.ReturnValue ?? 0, [.. reply.Out.Names.Select(n => (n, CapturedValues.Plain(reply.Out[n])))]),
            null => throw SoapFault.Wbem(0x8004102F),
        };
    }

    private static uint Code(CimException error) => error switch
    {
        { Code: { } code and >= 0x80041000 and <= 0x80041FFF } => code,
        { Kind: CimErrorKind.NoSuchNamespace } => 0x8004100E,
        { Kind: CimErrorKind.NoSuchClassOrProperty } => 0x80041010,
        { Kind: CimErrorKind.AccessDenied } => 0x80041003,
        _ => 0x80041001,
    };

    private static string ReleaseOf(CimRow? system) => system?.Int32("BuildNumber") switch
    {
        null => "2022",
        <= 6001 => "pre2008",
        < 9200 => "2008R2",
        < 9600 => "2012",
        < 14393 => "2012R2",
        < 20348 => "2016",
        < 26100 => "2022",
        _ => "2025",
    };

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
