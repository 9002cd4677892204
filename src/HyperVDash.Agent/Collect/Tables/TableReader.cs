using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Tables;

/// <summary>
/// Asks a host for tables and remembers what its release lacks: a query that fails for a column is asked again with all columns, and so from then on;
/// a class that is not there is asked again only after a while.
/// </summary>
internal sealed class TableReader(CollectorOptions options, TimeProvider time)
{
    private readonly HashSet<string> _asksForAll = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (CimException Error, DateTimeOffset Until)> _missing = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _answered = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    /// <summary>True while columns must not be named at all: a pre-release host, or one not known yet.</summary>
    public bool NamesNoColumns { get; set; }

    public async Task<Table> ReadAsync(ICimSession session, TableQuery query, CancellationToken cancellationToken)
    {
        bool all;
        lock (_gate)
        {
            if (_missing.TryGetValue(query.Key, out var missing))
            {
                if (time.GetUtcNow() < missing.Until)
                {
                    return new Table([], missing.Error) { IsRemembered = true };
                }

                _missing.Remove(query.Key);
            }

            all = query.Columns.IsEmpty || _asksForAll.Contains(query.Key)
                || (NamesNoColumns && query.Namespace.Equals("root/virtualization", StringComparison.OrdinalIgnoreCase));
        }

        var table = await AskAsync(session, query, all, cancellationToken).ConfigureAwait(false);
        if (!all && !query.IsNeverWhole && table.Error is { Kind: CimErrorKind.NoSuchClassOrProperty })
        {
            table = await AskAsync(session, query, all: true, cancellationToken).ConfigureAwait(false);
            if (table.IsRead)
            {
                lock (_gate)
                {
                    _asksForAll.Add(query.Key);
                }
            }
        }

        lock (_gate)
        {
            if (table.IsRead)
            {
                _answered.Add(query.Key);
            }
            else if (table.IsAbsent && !_answered.Contains(query.Key))
            {
                _missing[query.Key] = (table.Error!, time.GetUtcNow() + options.AbsentMemory);
            }
        }

        return table;
    }

    private async Task<Table> AskAsync(ICimSession session, TableQuery query, bool all, CancellationToken cancellationToken)
    {
        // With WHERE, all columns still need WQL; plain enumeration cannot filter.
        var question = new CimQuery(query.Namespace, query.Class) { Columns = all ? [] : query.Columns, Where = query.Where, Timeout = options.TableTimeout };
        var rows = new List<CimRow>();
        long asked = time.GetTimestamp();
        try
        {
            await foreach (var row in session.QueryAsync(question, cancellationToken).ConfigureAwait(false))
            {
                rows.Add(row);
                if (rows.Count > options.MaxRows)
                {
                    return new Table([], new CimException(CimErrorKind.Protocol,
                        $"{query.Class} of {session.Target} has more than {options.MaxRows} instances; that is more than any host has, so they were not used."));
                }
            }

            if (WhyUnusable(session.Target, query, rows) is { } why)
            {
                return new Table([], why);
            }

            return new Table(RepeatedRows.Without(query, rows), null) { ReadAt = time.GetUtcNow(), Took = time.GetElapsedTime(asked) };
        }
        catch (CimException error)
        {
            return new Table([], error);
        }
    }

    private static CimException? WhyUnusable(string target, TableQuery query, List<CimRow> rows) =>
        query.IsNeverEmpty && rows.Count == 0
            ? new CimException(CimErrorKind.AccessDenied, $"{target} lists no {query.Class}, which every host has. The account may lack Remote Enable or read rights on {query.Namespace}.")
        : query.Identity is { } column && rows.Exists(r => r.String(column) is null)
            ? new CimException(CimErrorKind.Protocol, $"{target} lists instances of {query.Class} without {column}, so they cannot be told apart; its WMI repository may be damaged (winmgmt /verifyrepository).")
        : query.Owner is { } owner && rows.Exists(r => r.String(owner) is null)
            ? new CimException(CimErrorKind.Protocol, $"{target} lists instances of {query.Class} without {owner}, so what they belong to cannot be told; its WMI repository may be damaged (winmgmt /verifyrepository).")
        : query.Identity is null && rows.Exists(IsHalf)
            ? new CimException(CimErrorKind.Protocol, $"{target} lists an association of {query.Class} with one end only, so what belongs together cannot be told; its WMI repository may be damaged (winmgmt /verifyrepository).")
            : null;

    private static readonly (string One, string Other)[] Ends =
        [("Antecedent", "Dependent"), ("GroupComponent", "PartComponent"), ("ManagedElement", "SettingData"), ("AffectingElement", "AffectedElement")];

    /// <summary>Hosts list associations without either end, which say nothing; one end says that there is another.</summary>
    private static bool IsHalf(CimRow row)
    {
        foreach (var (one, other) in Ends)
        {
            if (row.Has(one) || row.Has(other))
            {
                return row.Path(one) is null != row.Path(other) is null;
            }
        }

        return false;
    }

    /// <summary>Forgets what is missing or was answered, e.g. after the host restarted or was updated.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _missing.Clear();
            _asksForAll.Clear();
            _answered.Clear();
        }
    }
}
