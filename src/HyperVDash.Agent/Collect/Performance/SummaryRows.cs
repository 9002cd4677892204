using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Performance;

/// <summary>Summary information, whether a query or the method gave it; the collector puts both under one table.</summary>
internal static class SummaryRows
{
    /// <summary>Stands for "all summaries of this cycle" in the table set.</summary>
    public static readonly TableQuery Table = new("", "Msvm_SummaryInformation");

    public static Table Of(TableSet tables) => tables[Table];
}
