using HyperVDash.Fuzz.Commands;

return await FuzzCommand.Create(Console.Out).Parse(args).InvokeAsync();
