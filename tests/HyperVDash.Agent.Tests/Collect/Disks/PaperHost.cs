using HyperVDash.Cim;
using HyperVDash.Cim.Wql;

namespace HyperVDash.Agent.Tests.Collect.Disks;

/// <summary>A host of rows and answers that a test writes down.</summary>
internal sealed class PaperHost : ICimSession
{
    public const string V1 = "root/virtualization";
    public const string V2 = "root/virtualization/v2";
    private const string Registry = "StdRegProv";

    private readonly Dictionary<string, List<CimRow>> _tables = new(StringComparer.OrdinalIgnoreCase);

    public string Target => "paper";

    /// <summary>Windows build that the registry tells.</summary>
    public int Build { get; init; } = 20348;

    public bool IsV1 { get; init; }

    /// <summary>Classes whose question never ends.</summary>
    public HashSet<string> Silent { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Classes whose question takes longer than it may.</summary>
    public HashSet<string> Slow { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<CimCall> Calls { get; } = [];

    public List<CimQuery> Queries { get; } = [];

    /// <summary>What the image service answers.</summary>
    public Func<CimCall, CimReply> Answer { get; set; } = _ => Reply(32779);

    public static CimReply Reply(long code, params (string, object?)[] values) => new(code, CimRow.Of("Out", values));

    public void Add(string cimNamespace, string className, params (string, object?)[] values)
    {
        string key = $"{cimNamespace}:{className}";
        if (!_tables.TryGetValue(key, out var rows))
        {
            _tables[key] = rows = [];
        }

        rows.Add(CimRow.Of(className, values));
    }

    public void Clear(string cimNamespace, string className) => _tables.Remove($"{cimNamespace}:{className}");

    public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (Queries)
        {
            Queries.Add(query);
        }

        if (Silent.Contains(query.Class))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        if (Slow.Contains(query.Class))
        {
            throw new CimException(CimErrorKind.Timeout, $"{query.Class} took too long.");
        }

        if (query.Namespace.StartsWith(V1, StringComparison.OrdinalIgnoreCase) && query.Namespace.Equals(V2, StringComparison.OrdinalIgnoreCase) == IsV1)
        {
            throw new CimException(CimErrorKind.NoSuchNamespace, $"There is no {query.Namespace}.");
        }

        var condition = query.Where is null ? null : WqlQuery.ParseCondition(query.Where);
        foreach (var row in _tables.GetValueOrDefault($"{query.Namespace}:{query.Class}") ?? [])
        {
            if (condition is null || condition.IsTrue(name => row[name]) == true)
            {
                yield return row;
            }
        }
    }

    public Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        if (call.Class == Registry)
        {
            return Task.FromResult(call.Arguments.Any(a => a.Value is "CurrentBuild") ? Reply(0, ("sValue", $"{Build}")) : Reply(2));
        }

        Calls.Add(call);
        return Task.FromResult(Answer(call));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
